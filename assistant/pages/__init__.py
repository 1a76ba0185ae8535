"""The web pages: what people see. Gradio is named here and in app.py only."""
