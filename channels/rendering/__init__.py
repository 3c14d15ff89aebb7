"""How replies look on a medium: numbered menus, pages that fit, letters a handset can show.

Pure functions: text in, text out. Nothing here knows a provider, a store or a conversation.
"""
