"""The local language engine: many answers at once from one model, on a small machine.

One thread owns the context. Each of its steps reads a bounded chunk of new prompts and writes the
next token of every answer under way, so that a newcomer never stalls those already reading. What
was read once (a persona's words, a conversation so far) is kept and not read again.
"""
