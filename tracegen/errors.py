"""One tree of errors. Each says where, what, what would be right, and what to do next.

The exit codes are those of the command: 1 a check found something, 2 wrong use, 3 no broker.
"""


class TracegenError(Exception):
    """Something a person can mend; the message says how."""

    exit_code = 2


class UsageError(TracegenError):
    """An unknown scenario, style, view or option."""


class ScenarioError(TracegenError):
    """A scenario file is not as scenarios are."""


class FlowError(TracegenError):
    """A service did what its flow does not declare."""

    exit_code = 1


class TraceError(TracegenError):
    """Not a recording, or one that cannot have happened."""

    exit_code = 1


class RunError(TracegenError):
    """A run did not come to rest, or ended otherwise than its scenario says."""

    exit_code = 1


class ClaimError(TracegenError):
    """A sentence says what its recording does not show."""

    exit_code = 1


class QuizError(TracegenError):
    """A question without exactly one right option, or with an unproved answer."""

    exit_code = 1


class ChallengeError(TracegenError):
    """A problem that the recordings do not decide, or that is not as problems are."""

    exit_code = 1


class CardError(TracegenError):
    """A card to recall something by is not as cards are, or its answer is not borne out."""

    exit_code = 1


class ExerciseError(TracegenError):
    """An exercise is not as exercises are."""


class PageError(TracegenError):
    """A fence on a page asks for what is not there."""


class StudyError(TracegenError):
    """A study is not as studies are, or its counts are missing, out of date or inconsistent."""

    exit_code = 1


class NotebookError(TracegenError):
    """A notebook whose cell fails, that was not executed, or that is not as its source now is."""

    exit_code = 1


class BrokerError(TracegenError):
    """No Kafka to talk to: not to be had, not reachable, not authorised, or gone in the middle."""

    exit_code = 3


class VendoredError(TracegenError):
    """What lets a page run Python cannot be brought from npm, made, or trusted."""

    exit_code = 1


class CaptureError(TracegenError):
    """A session of commands is not as sessions are, or its output is not what the recording has."""

    exit_code = 1
