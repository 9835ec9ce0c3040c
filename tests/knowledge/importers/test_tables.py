"""Tables: nights, plays, releases, tracks and other names."""

import time
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest

from knowledge.errors import ImportRefused
from knowledge.importers import tables
from knowledge.importers.columns import described, role_of, understood
from knowledge.importers.record import ImportedDoc
from knowledge.importers.sniffed import Sniffed
from knowledge.importers.statements import Alias, Credit, Event, Link, Release, SetItem, Track

DATA = Path(__file__).parents[4] / "shared" / "data"


def documents(text: str, name: str = "table.csv") -> list[ImportedDoc]:
    return list(tables.read(Sniffed(text.encode(), PurePosixPath(name))))


def document(text: str, name: str = "table.csv") -> ImportedDoc:
    (only,) = documents(text, name)
    return only


def events(text: str) -> list[Event]:
    return [one for one in document(text).statements if isinstance(one, Event)]


def items(text: str) -> list[SetItem]:
    return [one for one in document(text).statements if isinstance(one, SetItem)]


def test_a_night_stands_in_every_row() -> None:
    text = (
        "set_code,night,club,town,country,kind,partner,length\n"
        'A-1,2019-10-18,Kaiku,Helsinki,Finland,club,"Ada, Zeno",2:00:00\n'
    )
    (event,) = events(text)
    assert (event.ref, event.date, event.venue, event.city, event.country) == (
        "A-1",
        "2019-10-18",
        "Kaiku",
        "Helsinki",
        "Finland",
    )
    assert (event.kind, event.performers, event.duration_ms) == ("club night", ("Ada", "Zeno"), 7_200_000)
    assert (event.at.line, event.at.raw) == (2, 'A-1,2019-10-18,Kaiku,Helsinki,Finland,club,"Ada, Zeno",2:00:00')


def test_linked_tables_share_the_name_of_their_id_as_scope() -> None:
    shows = document("Show ID,date,venue\n1,2019-01-01,A\n2,2019-01-02,B\n")
    plays = document("show_id,position,song\n1,1,One\n1,2,Two\n2,1,One\n")
    assert shows.scope == plays.scope == "table:show_id"
    assert {one.ref for one in shows.statements if isinstance(one, Event)} == {"1", "2"}
    assert [one.event for one in plays.statements if isinstance(one, SetItem)] == ["1", "1", "2"]


def test_a_second_show_of_one_day_is_the_second_by_its_id() -> None:
    text = (
        "show_id,date,venue\n1978/11/24/1,1978-11-24,Capitol\n1978/11/24,1978-11-24,Capitol\n1978/11/25,1978-11-25,X\n"
    )
    assert {event.ref: event.ordinal for event in events(text)} == {
        "1978/11/24/1": 2,
        "1978/11/24": 1,
        "1978/11/25": 1,
    }


def test_positions_run_through_the_whole_night() -> None:
    text = "show_id,set_no,position,song\n7,2,1,Three\n7,1,2,Two\n7,1,1,One\n7,Encore,1,Last\n"
    found = [(one.title, one.set_no, one.position, one.encore) for one in items(text)]
    assert found == [("One", 1, 1, False), ("Two", 1, 2, False), ("Three", 2, 3, False), ("Last", 3, 4, True)]


def test_positions_that_begin_again_without_a_set_keep_the_order_of_the_rows() -> None:
    text = "show_id,position,song\n7,1,One\n7,2,Two\n7,1,Three\n7,2,Four\n"
    assert [(one.title, one.position) for one in items(text)] == [("One", 1), ("Two", 2), ("Three", 3), ("Four", 4)]


@pytest.mark.parametrize(
    ("written", "read"),
    [("1", True), (">", True), ("->", True), ("yes", True), ("0", False), ("no", False), ("", None)],
)
def test_a_segue_is_read_from_words_and_signs(written: str, read: bool | None) -> None:
    assert items(f"show_id,position,song,segued\n1,1,A,{written}\n1,2,B,\n")[0].segue is read


def test_a_play_keeps_what_its_row_says() -> None:
    text = (
        "set_code,nr,at,artist,track,remix,label,bpm,key,comment\n"
        "S1,1,0:04:50,Ada,Low Tide,Ana Remix,Kontur,124.5,4A,test pressing\n"
        "S1,2,0:11:24,ID,ID,,,,,\n"
    )
    first, second = items(text)
    assert (first.artist, first.title, first.version, first.label) == ("Ada", "Low Tide", "Ana Remix", "Kontur")
    assert (first.bpm_milli, first.musical_key, first.note) == (124_500, "4A", "test pressing")
    assert (first.time_ms, first.time_basis) == (290_000, "recording")
    assert second.is_unknown


def test_times_that_begin_in_the_evening_are_by_the_clock() -> None:
    first, *_ = items("date,venue,time,artist,title\n2019-01-01,A,22:05,Ada,One\n2019-01-01,A,22:11,Ada,Two\n")
    assert (first.time_ms, first.time_basis) == ((22 * 60 + 5) * 60_000, "clock")


def test_dates_and_venues_beside_the_songs_make_nights() -> None:
    text = "date,venue,song\n2019-01-01,A,One\n2019-01-01,A,Two\n2019-01-02,A,One\n"
    assert [(event.date, event.venue) for event in events(text)] == [("2019-01-01", "A"), ("2019-01-02", "A")]
    assert [(one.event, one.position) for one in items(text)] == [
        (events(text)[0].ref, 1),
        (events(text)[0].ref, 2),
        (events(text)[1].ref, 1),
    ]


def test_the_name_of_a_gig_may_point_at_the_night() -> None:
    text = "gig,position,song\nHarbour Night,1,One\nHarbour Night,2,Two\nPier,1,One\n"
    assert [event.title for event in events(text)] == ["Harbour Night", "Pier"]
    assert [one.position for one in items(text)] == [1, 2, 1]


@pytest.mark.parametrize(
    ("header", "row", "kinds"),
    [
        ("date;lieu;ville;titre;artiste", "2019-01-01;Le Bal;Paris;Un;Ada", [Event, SetItem]),
        ("Datum;Ort;Club;Gage", "18.10.2019;Berlin;Mond;900", [Event]),
        ("fecha;sala;ciudad;evento", "2019-01-01;Sol;Madrid;Noche", [Event]),
        ("Artist;Album;Year;Label", "Ada;Harbour;2019;Kontur", [Release]),
        ("artist;title", "Ada;Low Tide", [Track]),
        ("title;date;venue", "Harbour Night;2019-01-01;Kaiku", [Event]),
        ("artiste;titre;album;durée", "Ada;Un;Port;4:41", [Release, Track]),
        ("venue;aka", "about blank;://about blank", [Alias]),
    ],
)
def test_the_columns_say_what_a_table_is_of(header: str, row: str, kinds: list[type]) -> None:
    assert [type(one) for one in document(f"{header}\n{row}\n").statements] == kinds


def test_a_table_without_end_is_refused() -> None:
    header = ",".join(["date", "venue", *(f"column {n}" for n in range(1_998))])
    with pytest.raises(ImportRefused, match="split it"):
        documents(header + "\n" + "2019-01-01\n" * 5_100)


def test_a_list_with_times_and_no_night_is_one_set_called_by_its_file() -> None:
    (only,) = documents("time,artist,title\n0:00,Ada,One\n5:10,Zeno,Two\n", "2019-10-18-kaiku.csv")
    assert isinstance(only.statements[0], Event)
    assert (only.statements[0].title, only.statements[0].date, only.kind) == ("kaiku", "2019-10-18", "set")


@pytest.mark.parametrize(
    ("column", "read"),
    [
        (("05/08/1977", "05/13/1977"), "1977-05-08"),
        (("08/05/1977", "13/05/1977"), "1977-05-08"),
        (("8.5.1977", "9.5.1977"), "1977-05-08"),
        (("May 8, 1977", "9 May 1977"), "1977-05-08"),
        (("8. Mai 1977", "9. Mai 1977"), "1977-05-08"),
        (("05/08/1977", "05/09/1977"), "1977"),
        (("05/08/1977", "13/05/1977", "05/13/1977"), "1977"),
    ],
)
def test_the_whole_column_says_which_way_round_its_dates_are(column: tuple[str, ...], read: str) -> None:
    text = "date;venue\n" + "".join(f"{date};Barton Hall\n" for date in column)
    assert events(text)[0].date == read
    assert any("either way round" in sentence for sentence in document(text).left_out) == (read == "1977")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_delimiter_is_found(mark: str) -> None:
    text = "\ufeff" + mark.join(["date", "venue", "note"]) + "\n" + mark.join(["2019-01-01", "Kaiku", "a b"]) + "\n"
    assert (events(text)[0].venue, events(text)[0].note) == ("Kaiku", "a b")


def test_lines_above_the_header_and_a_separator_line_are_passed_over() -> None:
    text = "sep=;\nMy gigs 2019\n\nDatum;Ort;Veranstaltungsort\n18.10.2019;Berlin;about blank\n"
    (event,) = events(text)
    assert (event.date, event.city, event.venue, event.at.line) == ("2019-10-18", "Berlin", "about blank", 5)
    assert document(text).left_out == ("The lines above the header were left out.",)


def test_quotes_may_hold_delimiters_line_breaks_and_inches() -> None:
    text = 'date,venue,note\n2019-01-01,"A, B","first\nsecond"\n2019-01-02,C,"7"" only"\n'
    first, second = events(text)
    assert (first.venue, first.note, second.note) == ("A, B", "first second", '7" only')
    assert (first.at.raw, second.at.line) == ('2019-01-01,"A, B","first\nsecond"', 4)


def test_a_quote_that_is_never_closed_costs_its_own_row_only() -> None:
    text = 'date,venue\n2019-01-01,"A\n' + "".join(f"2019-02-{day:02d},B\n" for day in range(1, 29))
    assert len(events(text)) == 29
    assert "never closed, read without it: line 2." in document(text).left_out[0]


def test_ragged_rows_are_reported_and_read() -> None:
    text = "date,venue,city\n2019-01-01,A\n2019-01-02,B,C,D\n,,\n"
    assert [event.venue for event in events(text)] == ["A", "B"]
    assert [sentence.split(" row")[0] for sentence in document(text).left_out] == ["1", "1"]


def test_rows_that_say_nothing_are_named() -> None:
    text = "show_id,position,song\n1,1,One\n1,2,\n1,3,Three\n"
    assert [(one.title, one.position) for one in items(text)] == [("One", 1), ("Three", 2)]
    assert document(text).left_out == ("1 row without a title left out: line 3.",)


def test_columns_that_are_not_understood_are_named() -> None:
    assert document("date,venue,weather\n2019-01-01,A,rain\n").left_out == (
        "Columns left out, not understood: weather.",
    )


def test_money_is_never_taken_and_makes_the_table_private() -> None:
    text = (
        "Reporting Date,Store,Artist,Title,ISRC,UPC,Song/Album,Earnings (USD)\n"
        "2026-08-25,Shop,Mara Ellis,Tidewater,NLA1Z2600123,0724384960650,Song,31.45\n"
        "2026-08-25,Shop,Mara Ellis,Tidewater,NL-A1Z-26-00123,0724384960650,Song,-0.69\n"
        "2026-08-25,Shop,Mara Ellis,Harbour,,0724384960650,Album,7.77\n"
    )
    found = document(text)
    assert found.private
    assert Counter(type(one) for one in found.statements) == {Track: 1, Release: 1}
    (track,) = (one for one in found.statements if isinstance(one, Track))
    (release,) = (one for one in found.statements if isinstance(one, Release))
    assert (track.title, track.isrc) == ("Tidewater", "NLA1Z2600123")
    assert (release.title, release.barcode) == ("Harbour", "0724384960650")
    assert not any(amount in str(found) for amount in ("31.45", "0.69", "7.77"))


def test_a_shops_second_kind_of_statement_in_western_letters_is_read() -> None:
    text = (
        "Date Inserted\tReporting Date\tSale Month\tStore\tArtist\tTitle\tISRC\tUPC\tQuantity\tSource Type\t"
        "Song/Album\tSongwriter Royalties Withheld (USD)\tEarnings (USD)\tRecoup (USD)\n"
        "2026-08-25\t2026-08-25\t2026-07\tShop\tMára\tÉté\tNLA1Z2600123\t0724384960650\t-3\tStream\tSong\t0\t31.45\t2.5\n"
    )
    (found,) = tables.read(Sniffed(text.encode("latin-1"), PurePosixPath("sales.tsv")))
    (track,) = found.statements
    assert isinstance(track, Track)
    assert (track.title, track.artist, track.date, found.private) == ("Été", "Mára", "", True)
    assert "31.45" not in str(found)


def test_a_sale_of_an_album_is_a_release_with_its_link() -> None:
    text = (
        "date,item type,item name,artist,item price,buyer email,upc,item url\n"
        "8/5/19 10:01pm,album,Harbour,Ada,7.00,b@example.com,0724384960650,https://example.org/h\n"
    )
    release, link = document(text).statements
    assert isinstance(release, Release)
    assert isinstance(link, Link)
    assert (release.title, release.kind, release.date, link.of) == ("Harbour", "album", "", release.ref)
    assert "example.com" not in str(document(text))


def test_a_list_of_nights_with_fees_is_private_and_still_a_list_of_nights() -> None:
    found = document("date,venue,fee,promoter email\n2019-01-01,A,900,x@example.com\n")
    assert found.private
    assert isinstance(found.statements[0], Event)
    assert "900" not in found.statements[0].at.raw
    assert "x@example.com" not in found.statements[0].at.raw


def test_tracks_name_their_release_their_credits_and_their_links() -> None:
    text = (
        "Track,Title,Artist,Album,Catalogue number,ISRC,Duration,Producer,URL\n"
        "1,Low Tide (Ana Remix),Ada,Harbour,KO-01,NLA1Z2600123,4:41,Zeno; Mo,https://example.org/low\n"
        "2,Monday (Reprise),Ada,Harbour,KO-01,,,,ftp://example.org/x\n"
    )
    found = document(text).statements
    (release,) = (one for one in found if isinstance(one, Release))
    first, second = (one for one in found if isinstance(one, Track))
    assert (release.title, release.catalogue_number, first.release) == ("Harbour", "KO-01", release.ref)
    assert (first.title, first.version, first.position, first.duration_ms) == ("Low Tide", "Ana Remix", 1, 281_000)
    assert (second.title, second.version) == ("Monday (Reprise)", "")
    assert [(one.person, one.role) for one in found if isinstance(one, Credit)] == [
        ("Zeno", "producer"),
        ("Mo", "producer"),
    ]
    assert [one.url for one in found if isinstance(one, Link)] == ["https://example.org/low"]


def test_releases_are_told_by_their_catalogue_columns() -> None:
    text = 'Artist,Title,Label,Format,Barcode,Released\nAda,Harbour,Kontur,"12"", EP",0724384960650,1979\n'
    (release,) = document(text).statements
    assert isinstance(release, Release)
    assert (release.title, release.label, release.medium, release.date) == ("Harbour", "Kontur", '12", EP', "1979")


def test_other_names_may_share_a_cell() -> None:
    found = document("song,alias\nScarlet Begonias,Scarlet; Begonias\n").statements
    assert [(one.kind, one.name, one.alias) for one in found if isinstance(one, Alias)] == [
        ("work", "Scarlet Begonias", "Scarlet"),
        ("work", "Scarlet Begonias", "Begonias"),
    ]


def test_a_bare_number_is_a_length_only_where_the_header_says_of_what() -> None:
    def length(header: str, value: str) -> int | None:
        (track,) = document(f'artist;title;"{header}"\nAda;One;{value}\n').statements
        assert isinstance(track, Track)
        return track.duration_ms

    assert length("duration", "215") is None
    assert length("duration (s)", "1,234.50") == 1_234_500
    assert length("Länge (min)", "3,5") == 210_000
    assert length("length", "1h 30 min") == 5_400_000


def test_a_column_of_tiers_parts_the_table() -> None:
    found = documents("date,venue,tier\n2019-01-01,A,inner\n2019-01-02,B,open\n2019-01-03,C,\n")
    assert [(one.tier_name, one.part) for one in found] == [
        ("inner", "tier inner"),
        ("open", "tier open"),
        (None, ""),
    ]
    assert len({one.scope for one in found}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "name,email\nAlice,a@example.com\n",
        "a,b\n1,2\n",
        "one\ntwo\n",
        "date,weather\n2019-01-01,rain\n",
        "date,venue\n",
    ],
)
def test_what_is_no_table_about_music_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ImportRefused, match=r"date,venue|no rows"):
        documents(text)


def test_a_refusal_names_the_columns() -> None:
    with pytest.raises(ImportRefused, match="The columns are date, weather"):
        documents("date,weather\n2019-01-01,rain\n")


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("eventDate", "date"),
        ("  VENUE_NAME ", "venue"),
        ("Künstler", "artist"),
        ("Ciudad", "city"),
        ("Numéro de catalogue", "catalogue"),
        ("Catalog#", "catalogue"),
        ("show_id", "id"),
        ("venue id", "other_id"),
        ("ticket price", "money"),
        ("Earnings (USD)", "money"),
        ("e-mail", "personal"),
        ("favourite colour", ""),
    ],
)
def test_headers_are_understood_in_any_writing(header: str, role: str) -> None:
    assert role_of(header) == role


def test_the_look_of_the_values_tells_what_the_header_does_not() -> None:
    columns = understood(["wann", "x"], [["2019-01-01", "?"], ["2019-01-02", "!"]])
    assert described(columns) == [("wann", "date"), ("x", "not understood")]


def test_a_text_with_a_header_is_a_table_and_prose_is_none() -> None:
    def is_table(text: bytes, name: str) -> bool:
        return tables.is_it(Sniffed(text, PurePosixPath(name)))

    assert is_table(b"date\tvenue\tcity\n2019-01-01\tA\tB\n", "gigs.txt")
    assert not is_table(b"Date, venue and city are what I write down.\nAlways.\n", "note.txt")
    assert not is_table(b"\xff\xfe\x00 \x80", "x.bin")
    assert is_table(b"\x00\x01", "x.csv")


@pytest.mark.parametrize("rows", [10_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_hundred_thousand_rows_are_read_in_a_moment(rows: int) -> None:
    text = "show_id,set_no,position,song\n" + "".join(f'{n // 20},1,{n % 20 + 1},"Song {n}"\n' for n in range(rows))
    start = time.thread_time()
    assert len(items(text)) == rows
    assert time.thread_time() - start < rows / 5_000


@pytest.mark.skipif(not DATA.exists(), reason="the sample files are not here")
def test_a_whole_history_is_read_in_seconds() -> None:
    folder = DATA / "grateful-dead" / "csv"
    start = time.thread_time()
    read = [
        tables.read(Sniffed((folder / name).read_bytes(), PurePosixPath(name)))[0]
        for name in ("shows.csv", "performances.csv")
    ]
    assert time.thread_time() - start < 5
    assert [len(one.statements) for one in read] == [2_358, 39_774]
    assert read[0].scope == read[1].scope == "table:show_id"
    assert [one.left_out for one in read] == [(), ()]
    assert sum(one.segue is True for one in read[1].statements if isinstance(one, SetItem)) > 5_000
    second = {one.ref for one in read[0].statements if isinstance(one, Event) and one.ordinal == 2}
    assert "1966/03/03/1" in second
    assert "1966/03/03/0" not in second


@pytest.mark.skipif(not DATA.exists(), reason="the sample files are not here")
@pytest.mark.parametrize("name", ["distrokid.csv", "distrokid.tsv"])
def test_statements_of_sales_give_the_track_and_nothing_else(name: str) -> None:
    found = tables.read(Sniffed((DATA / "formats" / "royalties" / name).read_bytes(), PurePosixPath(name)))[0]
    (track,) = found.statements
    assert isinstance(track, Track)
    assert (track.title, track.isrc, found.private) == ("Tidewater", "NLA1Z2600123", True)
    assert "31.45" not in str(found)
