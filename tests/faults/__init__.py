"""Whatever fails: who asks is told so or goes on being answered, nothing is lost or charged, and it heals by itself.

`docs/reference/faults.md` names each fault and its test.
"""
