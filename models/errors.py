"""What can go wrong with writers and embedders.

ModelError
  + WriterBusy        the queue is full; come back in `retry_after_s`
  + WriterStopped     the node is closing, no new answer begins
  + ModelMissing      no model file where the settings say
  + EngineMissing     the language engine is not built yet
  + ModelUnreadable   a file that llama.cpp cannot load
  + WriterUnreachable the remote writer does not answer, or not as agreed
  + DownloadFailed    a model could not be fetched, or is not what was promised
  + WeightsTampered   a file of weights does not have the hash it was pinned to
"""


class ModelError(Exception):
    """Base of every refusal of this package."""


class WriterBusy(ModelError):
    """Every place in the queue is taken."""

    def __init__(self, waiting: int, retry_after_s: int) -> None:
        if waiting > 1:
            sentence = f"{waiting} questions are waiting already. Try again in {retry_after_s} seconds."
        elif waiting:
            sentence = f"One question is waiting already. Try again in {retry_after_s} seconds."
        else:
            sentence = f"The writer has no place now. Try again in {retry_after_s} seconds."
        super().__init__(sentence)
        self.waiting = waiting
        self.retry_after_s = retry_after_s


class WriterStopped(ModelError):
    """The node is closing."""

    def __init__(self) -> None:
        super().__init__("The presence is closing. Ask again when it is back.")


class ModelMissing(ModelError):
    """There is no model."""


class EngineMissing(ModelError):
    """There is no engine to run a model, or it is being built."""


class ModelUnreadable(ModelError):
    """The engine cannot load this file."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} cannot be loaded as a GGUF model: {reason}")
        self.path = path
        self.reason = reason


class WriterUnreachable(ModelError):
    """The remote writer cannot be used now."""


class DownloadFailed(ModelError):
    """A model could not be fetched; the sentence says what to do."""


class WeightsTampered(ModelError):
    """A file of weights is not the file that was pinned."""

    def __init__(self, path: str, expected: str, found: str) -> None:
        super().__init__(f"{path} has SHA-256 {found[:12]}…, expected {expected[:12]}…. Install it again.")
        self.path = path
        self.expected = expected
        self.found = found
