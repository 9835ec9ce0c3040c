#!/usr/bin/env python3
"""Seeded generator of the invented DJ archive: writes other/sets.csv and other/plays.csv beside this file."""
import csv, os, random, datetime as dt
R = random.Random(90210)
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'other'); os.makedirs(OUT, exist_ok=True)
pick = R.choice

CLUBS = [  # club, town, country, kind, weight (all invented; the towns are real)
 ('Salon Vermeil','Berlin','Germany','club',5), ('Salon Vermeil','Lyon','France','club',3),
 ('Kupferkeller','Leipzig','Germany','club',4), ('Trafo Zwölf','Berlin','Germany','club',5),
 ('Halle Morgenrot','Hamburg','Germany','club',3), ('Pumpwerk Nord','Hamburg','Germany','club',2),
 ('Silo Elf','Zurich','Switzerland','club',4), ('Le Hangar Bleu','Paris','France','club',3),
 ('Cave Mirabelle','Paris','France','club',2), ('De Looierij','Amsterdam','Netherlands','club',4),
 ('Kade 31','Rotterdam','Netherlands','club',3), ('The Lanternworks','London','United Kingdom','club',4),
 ('Basement Ninety','London','United Kingdom','club',2), ('Foundry Lane','Glasgow','United Kingdom','club',3),
 ('Armazém do Sal','Lisbon','Portugal','club',3), ('Prater Unten','Vienna','Austria','club',2),
 ('Nachtfalter Festival','Leipzig','Germany','festival',3), ('Driftwood Festival','Rotterdam','Netherlands','festival',3),
 ('Maré Alta Festival','Lisbon','Portugal','festival',2), ('Alpenglow Open Air','Zurich','Switzerland','festival',2),
 ('Radio Parabol','Vienna','Austria','radio',2)]

FIRST = 'Marlo Ines Tove Radek Yuna Odile Bram Sefa Kolja Mirea Anselm Petra Dario Linnea Tomasz Freya Ruben Oksana Jules Hanno Noor Vito Elke Caspar'.split()
LAST = 'Quist Varga Ostberg Lemaire Dahlke Okonjo Breuer Santaro Vellin Marsh Kowalik Thorne Ferrant Ibarra Nyholm Prowse Haddock Zeller'.split()
W1 = 'Glass Copper Velvet Hollow Night Salt Paper Silver Static Slow Amber Distant Concrete Mirror Cobalt Winter'.split()
W2 = 'Harbour Engine Parade Orchard Circuit Theory Ritual Garden Relay Motel Weather Antenna Chapel Ferry Union Bureau'.split()
artists = []
while len(artists) < 120:
    r = R.random()
    n = f'{pick(FIRST)} {pick(LAST)}' if r < .55 else f'{pick(W1)} {pick(W2)}' if r < .85 else pick(['DJ ','MC ','Dr. ','']) + pick(LAST)[:-1] + pick(['ix','or','ane','um','o'])
    if n not in artists: artists.append(n)

T1 = 'Low Blue Second Lost Deep Every Broken Open Soft Final Red Hidden Last Heavy Early Quiet Northern Empty Golden Double'.split()
T2 = 'Tide Signal Room Motion Window Letter Machine Summer Pressure Corridor Horizon Skyline Voltage Memory Ladder Shelter Current Platform Compass Lantern'.split()
SOLO = 'Kestrel Overflow Marzipan Undertow Parallax Lumen Solstice Vesper Monsoon Gravel Nocturne Halogen Tangerine Cascade Ember Fathom Zugzwang Mirage Pendulum Quicksilver'.split()
LABELS = ['Nachtpost','Tidal Ledger','Ultraviolet Post','Kontur','Small Hours','Rue Noire','Palindrome','Greyscale','Ostwind','Fern & Wire','Moth Recordings','Lowlight']
KEYS = [f'{i}{m}' for i in range(1, 13) for m in 'AB']
titles = []
pool = [f'{a} {b}' for a in T1 for b in T2]; R.shuffle(pool)
titles = SOLO + pool[:229]
assert len(set(titles)) == 249
tracks = []
own = R.sample(artists, 120)
for i, t in enumerate(titles):
    art = own[i] if i < 120 else pick(artists[:45])
    y = R.randint(2013, 2024) if i > 40 else R.randint(2012, 2018)
    tracks.append(dict(artist=art, track=t, label=pick(LABELS), bpm=R.randint(116, 138), key=pick(KEYS), year=y, w=R.paretovariate(2.2)))
# one title that two artists have
twin = dict(tracks[25]); twin.update(artist=next(a for a in artists if a != twin['artist'] and a != tracks[0]['artist']), label='Greyscale', bpm=119, key='2B', year=2014, w=6); tracks.append(twin); tracks[25]['w'] = 6; tracks[25]['year'] = 2013
for k in range(25): tracks[k]['w'] += 4                      # the heavy rotation
once_only = set(range(180, 205))                              # played at most once
# remixes: base track index -> versions
REM = {}
for i in (0, 2, 5, 9, 14, 31, 44, 60, 77, 90):
    names = R.sample([a for a in artists if a != tracks[i]['artist']], 3 if i in (2, 14) else 1 + (i % 2))
    REM[i] = [dict(remix=f'{n} Remix', label=pick(LABELS), bpm=tracks[i]['bpm'] + R.choice([-3, -2, 2, 4]), key=pick(KEYS)) for n in names]
    if i == 2: REM[i].append(dict(remix='Dub Version', label=tracks[i]['label'], bpm=tracks[i]['bpm'] - 4, key=tracks[i]['key']))
OPEN = [3, 7, 12, 18]; CLOSE = [1, 8, 21]
PAIRS = {2: 5, 5: 10, 9: 14, 11: 0, 15: 16, 19: 4, 22: 6, 31: 2}
PARTNERS = ['Oksana Thorne', 'Kolja Breuer', 'Hollow Ferry', 'Noor Vellin']
COMMENTS = ['vinyl', 'hands up', 'mixed out early', 'edit, cut the break', 'test pressing', 'someone asked for the name', 'sound man unhappy', 'a bit fast']

# ---- sets
nights, sets = set(), []
lo, hi = dt.date(2016, 1, 8), dt.date(2025, 11, 22)
while len(nights) < 59:
    d = lo + dt.timedelta(days=R.randrange((hi - lo).days))
    while d.weekday() not in (4, 5): d += dt.timedelta(days=1)
    nights.add(d)
nights = sorted(nights)
summer_clubs = [c for c in CLUBS if c[3] == 'festival']
order = []
for n, d in enumerate(nights):
    fest = d.month in (6, 7, 8) and R.random() < .75
    c = R.choices(summer_clubs, [x[4] for x in summer_clubs])[0] if fest else R.choices([x for x in CLUBS if x[3] != 'festival'], [x[4] for x in CLUBS if x[3] != 'festival'])[0]
    order.append((d, c))
for i, c in enumerate(CLUBS):                                  # every place at least once
    if not any(x[1] is c for x in order):
        j = next(j for j in range(len(order)) if (order[j][0].month in (6, 7, 8)) == (c[3] == 'festival') and sum(o[1] is order[j][1] for o in order) > 2)
        order[j] = (order[j][0], c)
fi = next(j for j, o in enumerate(order) if o[1][0] == 'Driftwood Festival')
order.insert(fi + 1, (order[fi][0], next(c for c in CLUBS if c[0] == 'Kade 31')))   # two sets on one day
assert len(order) == 60
empty = set(R.sample([j for j in range(60) if j not in (fi, fi + 1)], 6))
long_i = next(j for j in range(30, 60) if order[j][1][0] == 'Trafo Zwölf' and j not in empty)
plays, used = [], {}
for j, (d, c) in enumerate(order):
    code = f'S{d.year % 100:02d}-{j + 1:03d}'
    mins = 255 if j == long_i else R.choice([60, 75, 90, 90, 90, 105, 120, 120, 150]) if c[3] == 'club' else 60 if c[3] == 'radio' else R.choice([75, 90])
    partner = pick(PARTNERS) if R.random() < .2 and c[3] != 'radio' and j != long_i else ''
    sets.append([code, d.isoformat(), c[0], c[1], c[2], c[3], partner, f'{mins // 60}:{mins % 60:02d}:00'])
    if j in empty: continue
    avail = [i for i, t in enumerate(tracks) if t['year'] <= d.year and not (i in once_only and used.get(i))]
    done, seq, t = set(), [], 0
    last = None
    while t < mins * 60 - 240:
        if not seq and R.random() < .6: i = pick([x for x in OPEN if x in avail] or avail)
        elif last in PAIRS and R.random() < .72 and PAIRS[last] not in done and PAIRS[last] in avail: i = PAIRS[last]
        elif t > mins * 60 - 620 and R.random() < .6 and any(x in avail and x not in done for x in CLOSE): i = pick([x for x in CLOSE if x in avail and x not in done])
        else:
            ch = [x for x in avail if x not in done]
            i = R.choices(ch, [tracks[x]['w'] * (1.7 if d.year - tracks[x]['year'] <= 2 else 1) * (.25 if x in CLOSE + OPEN else 1) for x in ch])[0]
        done.add(i); last = i; used[i] = used.get(i, 0) + 1
        tr, v = tracks[i], None
        row = dict(artist=tr['artist'], track=tr['track'], remix='', label=tr['label'], bpm=tr['bpm'], key=tr['key'])
        if i in REM and R.random() < .38: row.update(pick(REM[i]))
        x = R.random()
        if x < .022: row = dict(artist='ID', track='ID', remix='', label='', bpm='', key=''); last = None
        elif x < .032: row.update(track='ID', remix='', label='', bpm='', key=''); last = None
        if last is None: used[i] -= 1
        at = max(0, int(t))
        plays.append([code, len(seq) + 1, f'{at // 3600}:{at % 3600 // 60:02d}:{at % 60:02d}', row['artist'], row['track'], row['remix'], row['label'], row['bpm'], row['key'], pick(COMMENTS) if R.random() < .09 else ''])
        seq.append(i); t += R.randint(225, 460)
for n, h, rows in (('sets', 'set_code night club town country kind partner length', sets), ('plays', 'set_code nr at artist track remix label bpm key comment', plays)):
    with open(f'{OUT}/{n}.csv', 'w', newline='', encoding='utf-8') as f:
        w = csv.writer(f, lineterminator='\n'); w.writerow(h.split()); w.writerows(rows)
print(len(sets), 'sets', len(plays), 'plays', len({(p[3], p[4]) for p in plays}), 'tracks', len({p[3] for p in plays}), 'artists')
