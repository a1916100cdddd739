"""A reader's own run beside a recording, in the page: what was asked, what ran, what it says.

Two interpreters share the work and never the code. In the one that runs what readers wrote, `plan`
says what is to run and `reader` runs it. In the other, which runs nothing but ours, `verdict`
compares the run with the recording and `judge` draws both. What goes from one to the other is text.
"""
