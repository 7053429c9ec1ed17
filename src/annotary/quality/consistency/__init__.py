"""Contradictions: equal or nearly equal items that are labelled differently, objects that change their label
within a clip, labels that models doubt.
"""
