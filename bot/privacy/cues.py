"""Words around a name that show that it is one."""

from __future__ import annotations

TITLES = frozenset(
    "mr mrs ms miss mx dr prof professor sir rev reverend imam rabbi pastor coach sheikh ustadh ustadha maulana uncle aunt auntie "
    "aunty nan nanny granny grandma grandad pc dc sgt ds di cllr fr sister brother madame mme monsieur herr frau lady lord".split()
)
# Titles that are ordinary words: only a capital or a name after them counts.
SOFT_TITLES = frozenset(
    "miss sir sister brother coach uncle aunt auntie aunty nan nanny granny grandma grandad pastor imam rabbi lady lord fr di ds dc pc "
    "dr sheikh maulana".split()
)
NOT_AFTER_TITLE = frozenset(
    "said says told asked is was has had and or the a an in at on who when that it just always never does did shouted grabbed hit pushed "
    "keeps kept gets got made makes teacher teachers head leader hall if again about of for to with from by as but not no so this his her "
    "their my our your will wont cant can came comes went goes saw sees called calls also already then than while because s t took takes "
    "school class lesson lessons maths english science out off home her him them us me you he she they we i be been being would could should "
    "may might must are were have having work club practice sports football please thanks yes".split()
)
STRONG = frozenset("called named nicknamed aka surname forename christened".split())
NICK = frozenset("nicknamed nickname aka".split())
PERSON = frozenset(
    "pupil student child boy girl son daughter brother sister friend cousin teacher coach niece nephew baby toddler lad boyfriend girlfriend "
    "partner stepson stepdaughter sibling twin twins mum dad mother father nan uncle aunt auntie carer ta lsa tutor head headteacher stepdad "
    "stepmum lodger neighbour ex husband wife grandad nanny learner classmate peer mate bestie colleague caretaker cleaner".split()
)
FAMILY_THINGS = frozenset(
    "mum mums mother dad dads father parent parents sister brother siblings nan nana gran grandma grandad uncle aunt auntie cousin stepdad stepmum "
    "step carer carers guardian family home house flat arm arms leg legs face head eye eyes neck back hand hands wrist wrists body phone bag "
    "book books teacher tutor class form school coat shoes uniform clothes hair friend friends boyfriend girlfriend partner ex baby behaviour "
    "attendance file record older younger little big social diary drawing room bedroom life story account words disclosure injury bruise bruises "
    "foster step-dad step-mum foot ear nose lip cheek belly tummy ribs work attitude mood".split()
)
RELATIVES = frozenset(
    "mum mums mother dad dads father parents sister brother siblings nan gran grandma grandad uncle aunt auntie cousin stepdad stepmum boyfriend girlfriend "
    "stepfather stepmother brothers sisters carer carers foster".split()
)
SAYS = frozenset(
    "says said told tells disclosed discloses confided confides cried cries wants asked asks hit hits punched punches kicked kicks bit bites slapped "
    "lives lived went goes seems seemed looks looked hates refused refuses showed shows mentioned admitted alleged alleges claims claimed arrived "
    "arrives smells thinks feels felt knows came comes gets got did does didnt doesnt didn't doesn't keeps kept ran stayed stays sleeps slept eats "
    "ate took saw started turned left whispered shouted screamed grabbed pushed threw sat stood reported reports explained believes confessed "
    "texted messaged emailed phoned rang wrote drew hid loves likes misses missed needs needed tried tries told's wasnt isnt hasnt wasn't isn't "
    "hasn't overdosed absconded vanished self-harms selfharms attends attended used arrived appears appeared flinched flinches complained wet".split()
)
PEOPLE_DO = frozenset(
    "says said told tells disclosed discloses confided cried cries wants asked asks lives lived hates refuses refused thinks believes whispered "
    "shouted screamed punched kicked slapped hugged wrote texted messaged emailed phoned rang overdosed absconded flinched admitted claims".split()
)
DONE_TO = frozenset(
    "told asked rang hit punched kicked slapped hurting bullying bullied teach taught called texted messaged phoned hugged comforted groomed threatened".split()
)
BE = frozenset("is was has had s isnt wasnt hasnt isn't wasn't hasn't 's hadn't hadnt".split())
STATES = frozenset(
    "sent left hit taken put given kept made beaten brought thrown hurt beaten upset crying scared frightened late absent hungry in not being year yr 7 8 9 10 11 12 13 14 15 16 very really always withdrawn tired dirty self been "
    "a an the living staying refusing saying telling getting having sleeping covered missing pregnant off quiet angry worried anxious told said hit "
    "bruises bruise marks no never also now still only just my our one autistic disabled known seen found under going coming self-harming cutting "
    "vulnerable struggling aged on sat stood hiding running away afraid terrified sad low suicidal unwell sick injured hurt bleeding shaking drunk at "
    "scratches burns cuts disclosed mentioned come started become lost stopped asked".split()
)
OBJECT_OF = frozenset(
    "told asked hit hits punched kicked slapped rang taught teach hurt hurts hurting touched grabbed bullied bullying pushed blamed abused groomed hugged "
    "comforted collected collect fetched dropped bring brought by with and to about for see saw seen met know knows love loves hates pick picked threatened "
    "ask tell telling asking moved placed between near beside noticed overheard heard suspended excluded text texted messaged followed found left".split()
)
FUNCTION = frozenset(
    "a an the in on at of to for from by with as is was are were be been am do does did done has had have can could will would shall should may might must i "
    "me my you your he him his she her it its we us our they them their this that these those who whom whose which what when where why how if then than and "
    "or but so not no yes all any some each every one two too very just now here there out up down off over again also only more most much many such same own "
    "about after before because while until into onto through between against during without within under above below s t don go got get man men let see say".split()
)
MODALS = frozenset("will may can might".split())
TIMES = frozenset(
    "may april june august march summer autumn winter spring sunday monday tuesday wednesday thursday friday saturday january february july september october "
    "november december christmas easter dawn eve".split()
)
TIME_BEFORE = frozenset(
    "in since last next this early late mid until till by during from before after of every each the on over through to and or around for half all past following previous "
    "1st 2nd 3rd".split()
)
TIME_AFTER = frozenset("term holiday holidays half school camp fair break time exams fayre show production bank day weekend club".split())
# Countries and cities that are given names too: as place names are, people only by a sign.
GEOGRAPHY = frozenset(
    "london france india kenya china asia paris sydney florence israel georgia jamaica virginia sierra iran chad jordan cyprus africa austin dallas "
    "brooklyn milan rome roma vienna dakota persia lourdes america europe holland ireland england scotland geneva verona venice egypt cuba dubai "
    "somalia troy kingston lincoln boston houston denver savannah carolina alabama".split()
)
# Given names that are English words and are met in schools; written small they need a sign.
GIVEN_WORDS = frozenset(
    "israel cyprus dick kit nick mick georgia virginia mercedes jamaica eden essex kent brent hope angel grace faith joy summer destiny precious blessing patience mercy charity honey pearl amber olive autumn dawn star sky princess prince "
    "miracle favour wisdom praise gift promise comfort goodness success sunday melody harmony serenity trinity heaven nevaeh genesis justice liberty "
    "journey phoenix river storm rain willow poppy violet rose iris sage clover crystal diamond jewel coral sapphire ebony ivory candy cherry "
    "ginger basil chase chance hunter rich bill mark will may april june august jordan chelsea paris india asia sydney florence victoria london kenya austin "
    "dallas dakota brooklyn camden kingston lincoln milan troy ray art drew grant lance miles page paige robin jay frank ernest earnest constance prudence "
    "verity felicity unity gifty lovely divine marvellous marvel treasure desire fortune prosper innocent clement major king duke earl bishop noble royal "
    "reign legend ace blaze jet rocky buddy sonny sunny happy lucky bliss dolly penny kitty bunny birdie wren robyn lark raven dove jade opal ruby "
    "tiny smiley biscuit beauty queen light sparkle can deniz su bo an kit pat sue bob rob dot tab bay gabby sandy rusty dusty".split()
)
NOT_PEOPLE = frozenset(
    "guy general governor media imam pastor council doctor hall page north west south east early cash author job major child father mother lawyer nanny infant mentor boss red "
    "peer general day street church school group forum golden green forest park floor case boys girls age sad till mad said very self over never late hand hands harm "
    "harsh long little less more lie link lies odd oral order per press price side sing sole son sister till true unknown valid ward wash worth young your warden "
    "black white english brown back bridge camp care cares close company contractor date deep each fair fall field foot forget fresh gates glasses good hammer handler "
    "head hell hide hook house hurt law low master masters must parent parents pole post power priest reader reading ring room short small soon stock story strong wall water way "
    "weeks were lane line made likely else edit banks beat carry coach deputy key list note notes safe support early help trust team hub unit plan plans form forms board".split()
)
# Of family names that are English words, those that follow a given name in small letters.
SURNAMES = frozenset(
    "smith cooper baker wright taylor mason walker king green brown white young hill wood woods hall bell carter turner parker cook ward bailey price long hunter fox "
    "knight barker butler fisher marsh mills stone webb west rose may banks brooks page potter pope porter reed swift dean singer shepherd gardner archer bishop "
    "black gray grey bird bush lamb day field fields ford frost gill hardy holland love moody nash peacock pearce pike poole rice savage sharp short silva small steel "
    "thorn waters winter wise wolf bond booth bull cross crane dale church chambers barnes burns buck sutton rivers read english french welsh".split()
)
PARTICLES = frozenset("al el ul bin ibn abu bint de da dos das do van von der den di del della la le st ben bat ap mc mac o d' el- al- ould ait".split())
CLASS = r"(?:year|yr|y|form|class|set|reception|nursery|rec|ks|sixth|6th|my|our|tutor|primary|college|foundation|key|p)"
