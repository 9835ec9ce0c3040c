"""Pages: what a browser sees of Stripe, small and plain: the payment page and the customer portal."""

from html import escape

from tests.strict_stripe.world import Object

STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:30rem;margin:2rem auto;padding:0 1rem}"
    "button{display:block;width:100%;padding:.75rem;margin:.5rem 0;font:inherit}"
)


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def _button(choice: str, words: str) -> str:
    return f'<button name="choice" value="{choice}">{escape(words)}</button>'


def amount_in_words(amount: int, currency: str) -> str:
    return f"{amount / 100:.2f} {currency.upper()}"


def payment_page(session: Object, lines: list[Object], *, declined: bool) -> str:
    total = amount_in_words(session["amount_total"], session["currency"])
    items = "".join(f"<li>{line['quantity']} × {escape(line['description'])}</li>" for line in lines)
    notice = '<p role="alert">Your card was declined.</p>' if declined else ""
    buttons = [_button("pay", f"Pay {total}")]
    if "us_bank_account" in session["payment_method_types"]:
        buttons.append(_button("later", "Pay by a slow debit"))
    buttons.append(_button("decline", "Pay by a card that is declined"))
    if session["cancel_url"]:
        buttons.append(_button("cancel", "Cancel"))
    return _page("Test payment", f'{notice}<ul>{items}</ul><form method="post">{"".join(buttons)}</form>')


def closed_page(session: Object) -> str:
    return _page("Test payment", f"<p>This checkout is {escape(session['status'])}.</p>")


def portal_page(session: Object, running: list[Object]) -> str:
    rows = "".join(
        f"<li>{escape(one['status'])}{', ends with its period' if one['cancel_at_period_end'] else ''}</li>"
        for one in running
    )
    leave = _button("leave", "Cancel subscription") if any(not one["cancel_at_period_end"] for one in running) else ""
    back = f'<p><a href="{escape(session["return_url"])}">Return</a></p>' if session["return_url"] else ""
    return _page("Your subscriptions", f'<ul>{rows}</ul><form method="post">{leave}</form>{back}')


def authentication_page() -> str:
    buttons = _button("confirm", "Confirm the payment") + _button("refuse", "Refuse the payment")
    return _page("Your bank", f'<form method="post">{buttons}</form>')


def missing_page() -> str:
    return _page("Nothing here", "<p>There is no such page.</p>")


def told_page(words: str) -> str:
    return _page("Your bank", f"<p>{escape(words)}</p>")
