"""How the server is: alive, able to answer, how busy; and a line for each request.

Does not answer questions about articles.
"""
