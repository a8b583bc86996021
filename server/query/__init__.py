"""The record API's dialect, which is PostgREST's, to one parameterised statement."""
