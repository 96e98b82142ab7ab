/**
 * What the safety recogniser knows of other languages that staff use: Polish, Romanian, Urdu in Latin letters, Welsh,
 * Portuguese and Arabic (also in Latin letters). A few stems each for people, harm, despair and policy, without accents,
 * as `foldMessage` leaves them. Words that are also English ones stand here only inside a phrase.
 */
import { type Pattern, phrases } from './safety-words.ts';

export type Language = {
  /** One pupil, by a noun alone; `child` also holds pronouns and family. */
  readonly pupil: Pattern;
  readonly child: Pattern;
  readonly staff: Pattern;
  readonly harm: Pattern;
  readonly worry: Pattern;
  /** The sender's own distress: enough by itself. */
  readonly despair: Pattern;
  readonly policy: Pattern;
  /** Question words. */
  readonly asks: Pattern;
};

export const LANGUAGES: readonly Language[] = [
  {
    pupil: phrases(
      'mala, maly, malej, malego, malemu, dziecko, dziecka, dziecku, uczen, ucznia, uczniowi, uczennic*, chlopiec, chlopca, chlopcu, dziewczynk*, dziewczyna, dziewczyne',
    ),
    child: phrases(
      'dzieck*, dzieci*, uczen, uczni*, uczennic*, chlopiec, chlopc*, chlopak*, dziewczyn*, syn*, cork*, on, ona, ja, go, tata, ojciec, ojczym, matka, mama, wujek, moj, moja',
    ),
    staff: phrases('nauczyciel*, kolezank*, koleg*, dyrektor*, asystent*, pracowni*, wychowawc*'),
    harm: phrases(
      'siniak*, since, bije, bija, bil, bila, bili, bity, bita, pobi*, zbi*, uderz*, krzywdz*, skrzywdz*, molest*, gwalc*, zgwalc*, gwalt*, zabic, zabije, zabija, boi sie, bal sie, bala sie, samoboj*, tnie sie, okalecz*, glodn*, pijan*, dotyka*, dotkn*, przemoc*, slady, poparz*, rany, nagie, noz, nozem, popchn*, szarp*, krzycz*, zostawion*, nie je, chce umrzec, umrzec, wykorzyst*, ponizy*, grozi*',
    ),
    worry: phrases('martwi*, niepoko*, obaw*, boje sie'),
    despair: phrases(
      'nie daje juz rady, nie daje rady, nie dam rady, nie chce mi sie zyc, nie chce zyc, nie chce juz zyc, chce umrzec, zabic sie, zabije sie, nie mam (?:juz )?sily, nie wytrzym*, mam dosc, maz mnie bije, boje sie wracac, jestem w rozpaczy, nie widze sensu, skonczyc ze soba, nie mam sil',
    ),
    asks: phrases('gdzie, kiedy, jaka, jaki, jakie, ile, kto, czy, jak'),
    policy: phrases('polityk*, procedur*, regulamin*, szkoleni*, gdzie znajd*, definicj*, dokument*'),
  },
  {
    pupil: phrases('copil, copilul, copii*, elevul, elev, eleva, elevei, fetita, baiat, baiatul, o fata'),
    child: phrases(
      'copil*, copii*, elev*, fetit*, fata, fete, baiat*, baieti, fiul, fiica, tatal, tata, mama, unchi*, vitreg*, lui, ei, el, ea',
    ),
    staff: phrases('profesor*, profesoar*, coleg*, director*, invatato*, educato*, angajat*'),
    harm: phrases(
      'vanat*, il bate, o bate, ii bate, bate copil*, batut*, bataie, lov*, abuz*, atinge, atins*, violat*, viol, flamand*, foame, frica, sinucid*, moara, omoare, omori, taie, ranit*, rani, ameninta*, beat, arsuri, dezbracat*, cutit, tipa, tras de, imbranc*, plange, neglijat*, singur acasa, sa se intoarca acasa, urme',
    ),
    worry: phrases('ingrijorat*, grija, griji, tem, ma tem, teama, speriat*'),
    despair: phrases(
      'nu mai pot, vreau sa mor, nu mai vreau sa traiesc, ma omor, sa ma omor, nu mai rezist, nu mai suport, sotul ma bate, nu mai are rost, imi vine sa mor, sa termin cu tot, vreau sa dispar',
    ),
    asks: phrases('unde, cand, ce, cine, cat, cata, care, cum'),
    policy: phrases(
      'politica, politici*, regulament*, procedur*, unde gasesc, formare, instruire, document*',
    ),
  },
  {
    pupil: phrases('bacha, bachi, bachay, bache, bacche, larka, larki, larkay, talib ilm, beta, beti'),
    child: phrases(
      'bach*, bacch*, larki*, larka, larke, larkay, talib*, beta, beti, bete, student*, class, us ko, usko, us ke, uske, us ki, uski, usay, use, abbu, abu, baap, walid, ammi, maa, chacha, mamu, bhai',
    ),
    staff: phrases('teacher*, ustad*, ustaad*, ustani, miss, colleague*, saathi, principal, headmaster'),
    harm: phrases(
      'marta, martay, marte, marti, maarta, maartay, maarte, maarti, mara, maara, maari, mari, maar, mara jata, thappar*, thappad*, pitai, peeta, pitta, peet*, zakhm*, zakhmi, neel, dara, dari, dare, darta, darti, dar raha, dar rahi, dar jata, khauf, ziyadti, ziadti, zyadti, khudkushi, hath lagata, haath lagat*, haath lagaya, chhua, chuta, chhuta, bhooka, bhookh*, bhuka, rota, roti rehti, ro raha, ro rahi, sharab, nasha, jala*, ghar se bhaag*, zabardasti, dhamki*, chaku, marna, mar jana, takleef, zulm',
    ),
    worry: phrases('fikar, fikr, pareshan*, pareshaan*, tashweesh, dar lag*'),
    despair: phrases(
      'jeena nahi*, jina nahi*, jeene ka, marna chaht*, mar jana chaht*, mar jaon, mar jaun, thak ga*, thakk ga*, bardasht nahi*, ab nahi hota, khudkushi karn*, shohar mart*, shohar maart*, zindagi se tang, tang aa ga*',
    ),
    asks: phrases('kahan, kab, kis se, kaun, kitn*, kyun, kaise'),
    policy: phrases('policy, policies, tareeqa, training, kahan hai, chutti*, kis tarah, document*'),
  },
  {
    pupil: phrases(
      'blentyn, mhlentyn, phlant, plentyn, phlentyn, disgybl, ddisgybl, bachgen, merch yn, ferch yn',
    ),
    child: phrases(
      'plentyn, blentyn, phlentyn, plant fy, plant yn, disgybl*, ddisgybl*, bachgen, fachgen, merch, ferch, ei dad, ei mam, ei thad, ei fam, ei hewythr, myfyriwr, fy nosbarth',
    ),
    staff: phrases(
      'athro, athrawes, athrawon, cydweithiwr, cydweithwyr, gydweithiwr, pennaeth, prifathro, aelod o staff, cynorthwy*',
    ),
    harm: phrases(
      'daro, taro, tharo, cleis*, gleis*, chleis*, cam drin, gam drin, cham drin, camdrin, brifo, frifo, anafu, ofn, lladd, hunan niweidio, hunanniweidio, hunan laddiad, hunanladdiad, marw, farw, llwgu, newynog, meddw, feddw, noeth, cyllell, gyllell, gwaedu, crio, esgeulus*, dwyn i ffwrdd, cyffwrdd, gyffwrdd, bygwth, marciau, llosgi',
    ),
    worry: phrases('poeni, boeni, phoeni, pryder*, bryder*, ofni, becso'),
    despair: phrases(
      'ddim ymdopi, ddim yn ymdopi, ddim yn gallu ymdopi, methu ymdopi, ymdopi rhagor, eisiau marw, isho marw, isie marw, methu cario ymlaen, methu cario mlaen, methu mynd mlaen, wedi cael digon, lladd fy hun, ddim eisiau byw, methu mynd ymlaen, torri lawr, fy ngwr yn fy nharo',
    ),
    asks: phrases('ble, pryd, beth, pwy, sut, faint, oes'),
    policy: phrases('polisi*, bolisi*, gweithdrefn*, hyfforddiant, ble mae, dogfen*, diffiniad'),
  },
  {
    pupil: phrases('aluno, aluna, um aluno, uma aluna, menino, menina, crianca, miudo, miuda'),
    child: phrases(
      'aluno*, aluna*, menino*, menina*, crianca*, miudo*, miuda*, rapaz*, rapariga*, filho*, filha*, garoto*, garota*, bebe, lhe, ele, ela, o pai, a mae, padrasto, madrasta, tio',
    ),
    staff: phrases(
      'professor, professora, professores, colega*, diretor*, director*, auxiliar*, funcionari*',
    ),
    harm: phrases(
      'bate, batem, bateu, batia, bater, bateram, espanc*, agred*, agress*, nodoa*, hematoma*, marcas, abuso, abusos, abusad*, abusou, abusa, violad*, violou, violacao, toca*, tocou, apalp*, medo, fome, suicid*, quer morrer, morrer, matar*, magoa*, magoou, corta se, cortar se, corta*, bebad*, faca, ameac*, nua, nuas, nu, sangue, queimad*, sozinh*, empurr*, grita*, mensagens, chora*, negligen*',
    ),
    worry: phrases('preocupad*, preocupa*, receio, inquiet*, tenho medo'),
    despair: phrases(
      'nao aguento, nao aguento mais, quero morrer, quero me matar, matar me, me matar, nao quero viver, nao quero mais viver, sem forcas, nao consigo mais, desisto de tudo, acabar com tudo, acabar com a vida, desesperad*, o meu marido bate*, me bate, nao tenho razao',
    ),
    asks: phrases('quando, onde, qual, quais, quem, como, quanto*'),
    policy: phrases(
      'politica, politicas, procedimento*, formacao, regulamento*, onde esta, onde encontro, proximo, documento*',
    ),
  },
  {
    pupil: phrases(
      'tilmeez*, tilmiz*, tifl, tifla, tefel, walad, bint, talib, taliba, طفل, طفله, الطفل, الطفله, ولد, الولد, بنت, البنت, طالب, طالبه, الطالب, الطالبه, تلميذ, تلميذه, التلميذ, التلميذه',
    ),
    child: phrases(
      'tilmee*, tilmiz*, telmi*, tifl*, tefel, walad, waled, bint, binet, awlad, talib*, taleb*, abooha, abuha, aboo, abu, abooh, ummha, omha, ammha, طفل*, الطفل*, اطفال, ولد, الولد, ولاد, اولاد, بنت, البنت, طالب*, الطالب*, تلميذ*, التلميذ*, ابوه, اباه, ابوها, اباها, امه, امها, عمه, عمها, خاله',
    ),
    staff: phrases(
      'muallim*, mu3allim*, moallem*, ustaz*, ostaz*, mudeer*, modeer*, zameel*, معلم*, المعلم*, استاذ*, الاستاذ*, مدرس*, المدرس*, مدير*, المدير*, زميل*',
    ),
    harm: phrases(
      "yadrib*, yadrub*, yedrob*, byedrob*, darab*, dharab*, yidrib*, kadma*, kadama*, ightisab*, ta7arosh, taharrush, khayf*, khayef*, khayif*, intihar, yentaher, ju3an*, jo3an*, ju'an*, yibki, btibki, byilmis*, yalmis*, ya2tol, yaqtul, amoot, يضرب*, بيضرب*, تضرب*, ضرب*, ضربها, ضربه, كدمه, كدمات, عنف, اغتصب*, اغتصاب, تحرش*, يتحرش, يلمس*, بيلمس*, لمس*, خايف*, خائف*, يخاف, تخاف, انتحار, ينتحر, جوعان*, جائع*, جايع*, يقتل*, سكين, يبكي, تبكي, بتبكي, بيبكي, حرق, حروق, يوذي*, اذي, يموت, تموت, اهمال, مخدرات, سكران, يهدد*, دم, جرح*",
    ),
    worry: phrases('qaliq*, qal2an*, 2al2an*, khayef 3ala, قلق, قلقه, قلقان*, القلق, خايفه علي, خايف علي'),
    despair: phrases(
      'bidi amoot, bidi mout, baddi amoot, biddi amut, ma3ad fee*, ma 3ad fee*, ma fini, mish 2adir*, at7ammal, ma b2dar, ta3bt*, بدي اموت, اريد ان اموت, عايز اموت, نفسي اموت, ما بدي اعيش, لا اريد ان اعيش, مش عايز اعيش, تعبت, ما عاد فيني, لا استطيع التحمل, مش قادر*, انتحر, اقتل نفسي, زوجي يضربني, زوجي بيضربني, حياتي بلا معني, حياتي * بلا معني, انهيها, انهي حياتي',
    ),
    asks: phrases(
      'ayna, wayn, wen, mata, emta, kam, kayf, shu, sho, اين, وين, متي, ما هي, ما هو, كم, كيف, هل, من هو, ماذا',
    ),
    policy: phrases(
      'siyasa*, siyaset, سياسه, سياسات, اجراء*, تدريب*, اولويات, اين اجد, وين بلاقي, تعريف, وثيقه, وثائق',
    ),
  },
];
