"""The services: plain functions from state and message to state and what goes out.

A service's state is a mapping from order id to something that JSON can hold; handling a message
touches its own key and no other. So state can live in a compacted topic, by key.
"""
