/**
 * Words that tell pupils' names from others: given names of children in English schools, of many homes; and what schools write
 * with a capital that is nobody. Lists and no more: what a name means is decided in `pupil-words.ts`.
 */

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean));

/** Given names that no other word is, so that one alone tells, however it is written. */
export const GIVEN = set(`
  aaliyah aaron abdul abdullah abdulrahman abigail abu adam adele aditya adnan adrian agata agnieszka ahmad ahmed aidan aiden
  aimee aisha aishah akeem akram alana alannah albert albie alejandro aleksander aleksandra alessia alex alexander alexandra
  alexis alfie alfred ali alicia alina alisha alisia alison aliyah alyssa amaan amara amelia amelie amina aminah amir amira
  amirah amos amy ana anaya andre andreea andrei anais angel angelina anika anisa aniya anna annabel annabelle anthony antoni
  anya arabella arda arham aria ariana ariella arjun armaan arnav arthur asad asher ashleigh ashley ashton asia asiya athena
  aubrey audrey aurora austin ava avani avery ayaan ayan ayesha ayla ayman ayomide aysha azaan bailey barnaby bartosz bea
  beatrice beatrix bella ben benedict benjamin bethan bethany beth bianca bilal billie blake blessing bobby bradley brandon
  brayden brianna bronwyn brooke bryony caitlin caleb callum cameron camilla caoimhe cara carter casey casper cassidy cerys
  chantelle charley charlie charlotte chelsea cheyenne chidi chloe cian ciara clara clarissa cody cohen conall connie connor
  conor corey courtney daisy dalia damian damon dania daniel daniella danielle danny daria darcey darcy darius declan demi deniz
  denzel destiny devon diana diego dominic dominik dominika dylan ebony eddie edie eden eesa efe eilidh ela elena eleanor eli
  elias elif elijah eliot eliza elizabeth ella elle ellen ellie elliot elliott ellis eloise elodie elsa elsie ema eman emil
  emilia emilie emily emine emma emmanuel emre ephraim eric erica erin esha esmae esme esmee esra ethan eva evan evangeline
  eve evelyn evie ezra fabian faisal farah farhan fatima fatimah fatou felicity felix ffion fiifi filip finlay finley finn
  finnley fiona florence florin fran frankie freddie freddy frederick freya gabriel gabriela gabriella gabrielle george
  georgia georgie georgina gethin gianna gracie gracjan gruffydd gwen hadi hadiya hafsa haider hamish hamza hana hania
  hanna hannah haris haroon harley harriet harris harrison harry harvey harvie hashim hassan hatice haydn heidi helena henry
  hermione hiba hollie hudson hugo humaira husna hussain hussein ibrahim idris iga ihsan ikra ilyas iman imani imogen imran inaaya inaya
  india inés ioan iona ioana iqra iris isa isaac isabel isabella isabelle ishaan isla ismael ismail isra ivan iwan
  izaan izabela izzy jacek jackson jacob jada jaden jago jai jaiden jake jakob jakub jamal james jameela jamie jan janek
  jasmin jason jasper javier jax jaxon jaxson jayda jayden jaydon jayla jaylen jed jemima jenna jennifer jenson jermaine
  jeremiah jess jesse jessica jessie joanna joao jodie joe joel joey johan jonah jonas jonathan jonny jordan josef joseph josephine
  josh joshua josiah jude judah julia julian juliette junaid junior justin kabir kacey kaci kacper kaden kai kaia kaiden
  kainat kaja kaleb kamal kamil kamila karim karol karolina kasper kasia katarzyna kate katelyn katie katrina kayden kayla
  kaylee kayleigh keane keanu keeley keira keisha kelis kelsey kelvin kenzie kenzo keziah khadija khadijah khalid
  kian kiana kiara kieran kinga kira kirsten kirsty klara kobi kofi kora kornelia krish krystian krzysztof kwame kyla kylan
  kyle kylie kyra kyran laila laiba lacey lachlan lara latisha lauren laura layla layton lea leah leanne leila leighton lena lennon
  lenny leo leon leona leonard leonardo leroy levi lewis lexi lexie liam libby lila lilah lilia lillian lillie lilly
  lily logan lois lola lorenzo lottie louie louis louisa luca lucas lucia lucian luciana lucie lucy luis luka lukas luke luna
  lydia lyla mabel maciej macey mackenzie macy maddie maddison madeleine madison maeve maha mahdi mahir mahmoud mahnoor mai
  maisie maisy maja maksymilian malachi malaika malakai malik malwina manha manuel marcel marcin marco marcus maria mariam
  mariama marley marlon marnie marta martha martyna marwa mary maryam mateo mateusz matilda matthew maximilian maya mayar
  megan mehmet mehreen melissa melody mia miah micah michael michal mika mikael mikayla mike mikey mila milan milena miles
  millie milo mina minnie miriam misbah mo mohamed mohammad mohammed mohsin moira moises molly monika mollie morgan moses
  moshe muhammad muhammed munira murtaza musa mustafa mya myla nabil nabila nadia naeem nafisa nahla naila naima nancy naomi
  nasir nasra natalia natalie natasha nate nathan nathaniel nayla neha nell nellie nevaeh neve niamh nico nicola nicolas nicole
  nikita nikodem nikola nikolas nimra nina noa noah noel noor nora norah nour nusrat nyah nyla oakley obi olaf ola ole oleksandr
  oliver olivia olivier oliwia oliwier ollie omar omari omid orla orson oscar oskar osman otis otto owen paige parker
  patrick patrycja patryk paulina penelope peter petra phoebe piotr piper polina poppy precious preston princess priscilla
  quinn rabia rachel rafael rafal rafe rafferty rahim raihan raina raja ralph ralphie ramadan rami ramla ramon rania raphael
  rares rashid raven rayan rayyan reagan rebecca reece reed reggie rehan reid remi remy reuben rhea rhianna rhiannon rhodri rhys
  ria ricardo rihanna riley rio rocco roisin roma roman ronan ronnie rory rosa rosalie rosie rowan roxanne ruby ruben rubie
  rudy rufus rukhsana ruqayyah ryan ryder ryley saad saanvi sabrina sadia safa saffron safiya safiyyah sahar sahil saif saira
  salma salman samantha samia samir samira samson samuel sana sandra saoirse saqib sara sarah sasha savannah scarlett scarlet
  scott seamus sean sebastian selin selina selma serena seth shaan shaheer shahzaib shaima shakira shanelle shania shanice
  shannon shanae shay shayan shayla shayna shea shelby sherry shiloh shreya sian sidney sienna sierra silas simona simran sinead
  skye skyla skylar sofia sofija soham sohail sonia sonny sophia sophie sorcha spencer stanislaw stanley stefan stefania
  stella stephanie stephen steven sufyan suleiman sulaiman suleyman suhaib sumaya sumayyah summer sunny suraya syeda sydney szymon tabitha
  taha tahir tahlia talha talia tallulah tamara tamika tamsin tanisha tanya tara tariq tasneem tate tatiana tawfiq taybah
  taylor teagan ted teddy tegan temi teodor teresa tess tessa thea theo theodore theodora thiago thomas tia tiago tiana tiara
  tiegan tiffany tillie tilly timothy tina tobias toby tobi tom tomasz tommy tomos toni travis tristan tyler tymon
  tymoteusz tyreece tyrell tyrese tyrone uche umar usman uthman uzair valentina valentino vanessa verity veronica victoria
  viktor viktoria vincent violet wajiha walid waleed warren wesley wiktor wiktoria wilfred wilf willem william winnie wojciech
  xander xavier yahya yara yasin yasir yasmin yasmina yasmine yassin younes yousef youssef yunus yusra yusuf yuvraj yvie yvonne
  zac zach zachariah zachary zack zaid zain zaina zainab zak zakariya zakaria zaki zakir zala zane zanna zara zarah zayan zayd zayn
  zaynab zeeshan zeke zena zeynep zidane zion ziva zofia zoe zohaib zoran zosia zoya zubair zuzanna`);

/** Given names that are other words as well: they tell inside a frame, or with a capital where none is due. */
export const ALSO_WORDS = set(`
  amber angel archie art ash august autumn basil bay blessing bobbie brook carol chance chase christian clay cliff coral
  crystal daisy dale dawn dean destiny drew earl eden ivy faith fern finn flora frank gale gene ginger grace grant grove guy harmony
  hazel heath heather holly honey hope hunter iris ivory jack jade jasmine jay jewel jean jolly joy judge june kay king kit lance
  lane lark laurel leigh lily liberty linden lotus major mark marina mason maverick max maxim may melody mercy miles
  miracle nova oak ocean olive opal pat patience paris peace pearl penny pip poppy prince precious princess rain ray
  reed rich river rob robin rock rod rose rosemary rowan royal ruby rusty sage sandy scarlet scout sean serenity shane sky sonny
  stone storm summer sunny tanner tiger trinity trip troy ty victor violet wade ward wes will willow win winter wren`);

/** Not a person, though no dictionary of small words has it: places, tongues, schemes, makers, books. */
export const NOBODY = set(`
  english maths spanish french german latin mandarin chinese polish romanian urdu punjabi bengali gujarati arabic somali
  turkish portuguese italian ukrainian russian lithuanian bulgarian slovak czech albanian hungarian kurdish pashto dari farsi
  welsh irish scottish british european african asian caribbean american indian pakistani bangladeshi nigerian ghanaian
  traveller roma gypsy jewish muslim islam islamic christian catholic anglican methodist hindu sikh buddhist
  england britain scotland wales ireland edinburgh glasgow cardiff swansea belfast dublin uk usa europe africa asia america france germany spain italy poland romania ukraine
  london manchester birmingham leeds sheffield liverpool bristol newcastle nottingham leicester coventry bradford hull york
  durham kent essex surrey sussex hampshire dorset devon cornwall somerset wiltshire norfolk suffolk cambridge cambridgeshire
  oxford oxfordshire derby derbyshire yorkshire lancashire cumbria cheshire shropshire herefordshire worcestershire
  warwickshire northamptonshire lincolnshire lincoln norwich ipswich exeter plymouth southampton portsmouth brighton
  middlesbrough sunderland wigan bolton oldham rochdale blackpool preston blackburn burnley wolverhampton dudley walsall solihull
  stoke croydon hackney camden islington lambeth southwark lewisham greenwich newham barnet brent ealing enfield haringey
  tees tyne mersey thames humber wirral luton slough swindon doncaster barnsley rotherham wakefield calderdale kirklees
  ramadan eid diwali hanukkah vaisakhi holi christmas easter lent advent halloween bonfire remembrance pentecost
  autumn spring summer winter
  ofsted ofqual estyn dfe eef nfer gl aqa ocr edexcel pearson jcq ucas barnardo barnardos nspcc shelter childline kooth unicef
  google microsoft apple amazon excel sharepoint onedrive outlook zoom youtube whatsapp facebook ipad ipads chromebook
  chromebooks kindle lenovo dell hp canva padlet kahoot quizlet duolingo seneca sparx hegarty tassomai gcsepod educake
  lexia nessy numicon thrive jigsaw elsa neli wellcomm tapestry bromcom scholarpack integris cpoms myconcern edukey
  provision classcharts satchel seesaw dojo parentpay parentmail schoolcomms evolve iris medical century bedrock renaissance
  accelerated numbots freckle mathletics purplemash phonics rwi inc dibels makaton pecs attention autism zones
  lexonik toe catchup ruth miskin wandle letterland jolly twinkl hamilton oak cornerstones kapow charanga
  shakespeare macbeth hamlet othello romeo juliet prospero scrooge dickens austen bronte orwell priestley golding steinbeck
  jekyll hyde frankenstein eyre dahl rosen blackman walliams morpurgo rowling tolkien beowulf gruffalo
  rosenshine sherrington lemov wiliam christodoulou dweck piaget vygotsky bloom corbett rashford mozart beethoven picasso
  tudor tudors victorian victorians viking vikings roman romans egyptian egyptians aztec aztecs maya mayan anglo saxon saxons
  chartwells sodexo compass caterlink capita boxall senco sendco`);

/** Letters that are no initials: what schools write short, and small words in capitals. */
export const LETTERS = set(`
  ai am an ar as at be by ca cp cv do dt ed ep et go hr id if in is it ks la ld lo ma me my no of ok on op or ot pa pc pd pe
  pp pt qa ra re rs sa se so st ta tv uk up us vp vs we wk xl yr hoy hod 
  aen aqa art btec cad cat cats cla cpd cfo ceo coo daf dfe dsl dsp eal eap ebd ect efl ehe elg els ema epq esol esfa ewo fft
  fsm gcse gld hlta hmi hpa iep iqm irp jcq ks1 ks2 ks3 ks4 ks5 lac lea lgb lsa mat mfl mld mpa nfer nli nor npq nqt nvq ocr
  oht ofs pad pan pat pep plp pmld ppa pps pru psa psp pta pshe que raa rag rai rse rsl rwi saa sat sats scr sef sel sen send
  sip sld slt spld ssp stem swot tas tes tia tlr tup ucas upn vle ymca all and any are but can did for get had has her him his how
  its may new not now off old one our out red the too two was who why yes`);
