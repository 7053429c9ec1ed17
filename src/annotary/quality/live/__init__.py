"""The live model: what a project's answers say so far, brought up to date by every single answer."""
