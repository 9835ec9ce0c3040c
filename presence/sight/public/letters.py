"""Whether mail leaves sealed, and whether others will believe who sent it."""

from collections.abc import Callable, Iterator
from email.utils import parseaddr

from presence.errors import MailUndelivered, SettingsWrong
from presence.sessions.origins import LOOPBACK
from presence.settings import Settings
from presence.sight.checked import Checked
from presence.sight.public.records import NotAsked, texts
from presence.telling.mail import MailServer, mail_server

Texts = Callable[[str], list[str]]


def mail_checks(settings: Settings, records: Texts = texts) -> Iterator[Checked]:
    """Look at the mail server, and at what the DNS says of the sender's domain."""
    if settings.smtp_url is None:
        do = "PRESENCE_SMTP_URL_FILE names a file with a mail server's address. Without it nobody signs in by a link."
        yield Checked("mail", "note", "No mail is sent from here.", do)
        return
    try:
        server = mail_server(settings.smtp_url.get_secret_value(), settings.mail_from)
    except SettingsWrong as error:
        yield Checked("mail", "wrong", str(error))
        return
    yield _sealed(server)
    yield _greeted(server)
    domain = parseaddr(server.sender)[1].rpartition("@")[2].lower()
    if not domain:
        do = "Set PRESENCE_MAIL_FROM to an address of your domain."
        yield Checked("sender", "wrong", "The sender's address has no domain.", do)
        return
    yield _spf(domain, records)
    yield _dmarc(domain, records)


def _sealed(server: MailServer) -> Checked:
    if server.scheme != "smtp" or server.host in LOOPBACK:
        return Checked("mail", "ok", f"Letters go to {server.host} with TLS or within this machine.")
    do = "Say smtps:// or smtp+starttls:// in PRESENCE_SMTP_URL; your provider names the port."
    return Checked("mail", "wrong", f"Letters, and the password, go to {server.host} for everybody to read.", do)


def _greeted(server: MailServer) -> Checked:
    try:
        server.greet()
    except MailUndelivered as error:
        return Checked("mail", "wrong", str(error), "Look at PRESENCE_SMTP_URL, and at the mail server itself.")
    return Checked("mail", "ok", "The mail server takes our letters.")


def _spf(domain: str, records: Texts) -> Checked:
    try:
        found = [one for one in records(domain) if one.lower().split(" ")[0] == "v=spf1"]
    except NotAsked as error:
        return _unknown("SPF", domain, error)
    if len(found) == 1 and not found[0].lower().rstrip().endswith("+all"):
        return Checked("sender", "ok", f"{domain} says who may send its mail (SPF).")
    do = f"Make one TXT record at {domain}; your mail provider says which words (v=spf1 include:… -all)."
    if not found:
        return Checked("sender", "wrong", f"{domain} does not say who may send its mail (SPF): much goes to spam.", do)
    said = "says more than once" if len(found) > 1 else "lets everybody say"
    return Checked("sender", "wrong", f"{domain} {said} who may send its mail (SPF): that counts as nothing.", do)


def _dmarc(domain: str, records: Texts) -> Checked:
    try:
        places = [domain] if domain.count(".") < 2 else [domain, domain.split(".", 1)[1]]
        found = [one for place in places for one in records(f"_dmarc.{place}") if one.lower().startswith("v=dmarc1")]
    except NotAsked as error:
        return _unknown("DMARC", domain, error)
    if found:
        return Checked("sender", "ok", f"{domain} says what to do with letters by others in its name (DMARC).")
    do = f"Make a TXT record at _dmarc.{domain}, to begin with: v=DMARC1; p=none; rua=mailto:you@{domain}"
    return Checked("sender", "wrong", f"{domain} does not say what to do with forged letters (DMARC).", do)


def _unknown(what: str, domain: str, error: NotAsked) -> Checked:
    do = "Ask again later, or look by hand: any page that shows DNS records does."
    return Checked("sender", "unknown", f"What {domain} says about its mail ({what}) is not known: {error}.", do)
