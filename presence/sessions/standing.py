"""How far a listener may read now: from the signed grants of her key, or from the operator's preview."""

from dataclasses import dataclass

from presence.asking.contracts import Listener, Standing
from presence.sessions.operator import Operator
from trustgraph import GrantLog, Tier

STRANGER = Standing(int(Tier.PUBLIC), 0)
"""Who proved no key is public, and nothing that is signed changes that."""


@dataclass(frozen=True, slots=True)
class Standings:
    """Computes standings; nothing of them is kept."""

    operator: Operator
    log: GrantLog
    is_near: bool = False
    """Whether the database answers without a line to another machine."""

    def __call__(self, listener: Listener) -> Standing:
        """Give the tier of this moment; doubt is `public`."""
        if listener.operator_session is not None:  # she may look with other eyes at any moment
            return Standing(self.operator.previewed(listener.operator_session), 0, until=0.0)
        if listener.did is None:
            return STRANGER
        trust, epoch = self.log.trust_in(listener.did)
        return Standing(min(int(trust.tier), listener.tier_max), epoch, trust.until)

    def is_fixed(self, standing: Standing) -> bool:
        """Whether nothing that is signed can change it."""
        return standing == STRANGER

    def may_differ(self, standing: Standing) -> bool:
        """Whether something was signed since, or ran out, or the log fell into doubt."""
        if self.is_fixed(standing):
            return False
        return self.log.now() >= standing.until or self.log.epoch != standing.epoch

    def surely_holds(self, standing: Standing) -> bool:
        """Whether nothing can have changed it, as far as that is known without waiting; else ask `may_differ`."""
        if self.is_fixed(standing):
            return True
        return self.is_near and self.log.now() < standing.until and self.log.stands_at(standing.epoch)
