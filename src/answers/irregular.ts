/**
 * English forms that no stemmer joins: "spoke" and "speak", "children" and "child". Used on both sides, so that a question
 * and a document meet whichever form each uses. About English only.
 */
const FAMILIES = `be been|mile mileage|become became|begin began begun|bite bit bitten|blow blew blown|break broke broken|bring brought|build built|
buy bought|catch caught|child children|choose chose chosen|come came|deal dealt|draw drew drawn|drive drove driven|eat ate eaten|fall fell fallen|
feel felt|fight fought|find found|fly flew flown|forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|give gave given|go went gone|
grow grew grown|hear heard|hide hid hidden|hold held|keep kept|know knew known|lay laid|lead led|learn learnt|lend lent|lose lost|make made|
man men|mean meant|meet met|pay paid|ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold|send sent|
shake shook shaken|shine shone|show shown|sing sang sung|sit sat|sleep slept|speak spoke spoken|spend spent|stand stood|steal stole stolen|
swim swam swum|take took taken|teach taught|tell told|think thought|throw threw thrown|understand understood|wake woke woken|wear wore worn|win won|
withdraw withdrew withdrawn|woman women|write wrote written|analysis analyses|criterion criteria|curriculum curricula|life lives|half halves|
safe safer safest|ill illness ills|absent absence absences|strong strength strengths|long length|wide width|high height|succeed success successful|
apply application applications|decide decision decisions|advise advice|practise practice|enrol enrolment|pronounce pronunciation|describe description|
receive receipt|explain explanation|maintain maintenance|retain retention|respond response|extend extension|submit submission|permit permission|
attend attendance|admit admission admissions|appoint appointment|arrive arrival|approve approval|refuse refusal|reply replies replied|
able ability|private privacy|secure security|focus focusing focused focuses|register registration registrations|behave behaviour behaviours|
complain complaint complaints|notify notification notifications|bully bullies bullying bullied|`;

/** A form of a word, folded, to the form that stands for its family. */
export const BASE_FORM: ReadonlyMap<string, string> = new Map(
  FAMILIES.split('|').flatMap((family) => {
    const [base = '', ...forms] = family.trim().split(' ');
    return forms.map((form) => [form, base] as const);
  }),
);
