"""What the tests of a recording's rules share: find a span, and see that the right rule speaks."""

from tracegen import trace


def first(run, operation, name="", **fields):
    """The first span of an operation, about a message of that name, with these fields."""
    return next(
        s
        for s in run.spans
        if s.operation == operation
        and s.message_name.startswith(name)
        and all(getattr(s, field) == value for field, value in fields.items())
    )


def says(run, rule, text):
    """Expect that this rule, and none before it, finds what is wrong."""
    problems = trace.check(run)
    assert problems == list(rule(run)), f"another rule spoke first: {problems[:1]}"
    assert any(text in problem for problem in problems), problems[:3]
