"""Words that questions are made of: those that say how it is asked, and those that say nothing.

Whatever is in neither list, is no name and no date, may be a condition that the rows cannot decide
("with an orchestra", "in the rain"): a question with such a word is not answered by counting.
"""

from pathlib import Path

FUNCTION_WORDS = frozenset(
    """
a about again all also am an and any anybody anyone anything are around as at be because been being both but by can
could d did do does doing done each either else every everything for from get gave give given go goes going gone got
had has have he her here him his how i if im in into is isnt it its ive just ll m many may maybe me might mine more most
much my no none nor not cannot couldnt shouldnt wouldnt hadnt wont cant aint couldve of off ok okay on one ones only or other our ours out over own re s same she should since so some something
still such t  that thats the their them then there theres these they this those though till to together too under
until up us ve very was we well went were werent what whats whatd whatre when whens whenever where wheres wherever
which while who whod whom whos whose will with within would you your yours youre youve didnt dont doesnt wasnt werent
hasnt havent whered whatd whod howd whend whyd howre didnt lets u ur ya yall yous theyve youd weve id em
""".split()
)  # fmt: skip

# What a question asks for, and the things of a musician's trade that it is asked about.
ASKING_WORDS = frozenset(
    """
after ago album albums amount  appear appeared appearance appearances artist artists  b2b back band
bands before beginning began begin  between biggest birthday  bpm break breaks bring brought bust bustout
calendar called came change changed changes city cities close closed closer closers closes closing club clubs come
comes common compare compared concert concerts contain contained contains count counts country countries 
 date dates day days db debut debuted debuts difference different distinct drop dropped duration earliest early
encore encored encores eighth end ended ender ending ends entire event events ever exact exactly feature featured features
festival festivals final finally find finish finished finisher fifth first follow followed follower followers following
follows fourth frequent frequently full gap gaps gig gigs  happen happened held hiatus history hit identical in
individual instance instances introduce introduced key kick kicked label labels land landed last late later latest
lead leading  left length list listed lists live location locations long longer longest mix mixed mixes month
months most name names neighbour never new newest ninth next night nights nothing number numbers occasion occasions occur
occurred often oldest once open opened opener openers opening opens order original partner partners past pause pauses
 perform performance performances performed performing pick  pieces place placed places play played player
playing plays position preceded precedes preceding premiere premiered previous prior put quantity rank ranked ranking
record    region regions release released releases remix remixes repeat repeated repeats
right round run running second segue segued segueing segues separate sequence set setlist setlists sets seventh share shared
shelf short shortest show shows single sing sang sung sixth slot song songs sound spin spins spun stage start started
starter starting starts state states stay stop straight stretch string tell tenth third time times title titles today top
total totals tour tours town towns track tracklist tracklists tracks transition transitions tune tunes turn turned
twice two three four five six seven eight nine ten unique unknown usual usually various version versions venue venues
week weeks without worked year years yet     second    mark play played
premier   regular regularly sometimes always overlap missing absent wait waited went go goes lists logged
greatest highest counted counting row rows consecutive hall halls theatre theater theatres theaters arena arenas
stadium stadiums ballroom auditorium coliseum center centre venue room rooms led mixed aside hadnt wasnt previous
afterwards straight directly immediately right kind sort type       duration     bill slot 
       ticket tickets upcoming coming soon future id ids 
tracklisting set-list lineup alongside  dropped dropping blend blended
""".split()
)  # fmt: skip

# Said to be polite, to be sure, or to be somebody.
FILLERS = frozenset(
    """
absolutely actual actually ah alright altogether always anyhow anyway apparently archive archives approximately
basically bet bit btw btws by career certain certainly cheers check coming course curious data database dear dude
dudes duh erm exactly far favor favour fans folks fellas friend friends from fun guy guys haha happy hello help hey hi
hiya honestly hope idea im info information interested  item just kindly kinda know knows known like literally
look looked looking lol love loved lovely man many mate mean mentioned mind my near need notes now obviously oh oops
overall  perhaps please plz pls possible possibly precise precisely probably quick quickly question quite
really recall remember remembered reckon right roughly say saying see seem sir so sorry sort stuff sure surely team
tell thank thanks thing things think thx told tho though totally trying um understand want wanted wanna was whatever
whole wonder wondered wondering work would wow yeah yep yes yo your yours possibly ever anywhere anytime somewhere
sometime someday once actually life lifetime ages forever point points ive according listen listed book books
documented logbook exist existed exists existence include included includes including whilst during throughout across
among amongst gonna gotta lets let try tried attempted     stages   
  boys girls lads group musicians outfit folks act acts crew career entire complete completely specific
specifically particular particularly given certain answer answers stood stand stands show showing shown bust busted
mention pop popped turned turn turning show-up showed play-through round rounds give gave handed bring present
presented gotten get getting make made making use used using take took taken taking keep kept move moved moves visit
visited visits appearance touch touched tread trod set foot hit come came swing swung stop stopped drop by pass passed
through via there here back again ago yet already else decade decades era period season seasons spring summer autumn
fall winter january february march april june july august september october november december weekend weekends ask asking asked readers reader
dad mum mom father mother brother sister wife husband grandma grandpa cousin boyfriend girlfriend saw seen says write writes
span spun danced dance music believe ran nighter nighters b2bs done hour hours minute minutes min mins
require requires programme program identify enumerate gigged listeners listener evening morning whatsoever put puts
normally rendition renditions heard hear appear appears daddy mummy bedtime told rehearsal foreign lands land decks booth
mister madam miss fell falls fall fell share turns turning wich gimme okay ich meine del dead-last thanks  
show        calendar whole session sessions dj djs respect regards
bout bet settle settling settled counting seventies eighties title titled slowest fastest lowest highest remixed
gets entered sometimes telling shelved side sides either lie lies earlier recent recently slots slot true kid
heard brand favourite favorite fave records record busiest break broke bust busted october january
repertoire rotation songwise talking regarding concerning concerns
""".split()
)  # fmt: skip

COMMON = frozenset((Path(__file__).parent / "common_words.txt").read_text(encoding="utf-8").split())
"""Words of everyday prose: one of them alone is no  of a name, unless it stands where names stand."""

RARER = frozenset((Path(__file__).parent / "rarer_words.txt").read_text(encoding="utf-8").split())
"""Words that people do write, if seldom: none of them is a misspelling."""

_ENDINGS = ("", "s", "es", "ed", "d", "ing", "er", "ers", "ly", "y")


def is_a_word(written: str) -> bool:
    """Whether something written in small letters is a word, perhaps with an ending."""
    stems = {written.removesuffix(ending) for ending in _ENDINGS}
    return any(stem in COMMON or stem in RARER for stem in stems | {f"{stem}e" for stem in stems})


KNOWN = FUNCTION_WORDS | ASKING_WORDS | FILLERS

# A condition opens here: what follows and is not understood changes the question.
RESTRICTING = frozenset({"with", "without", "while", "whilst", "featuring", "feat", "because", "despite", "plus"})
