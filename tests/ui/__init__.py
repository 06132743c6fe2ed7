"""The window, driven as a person does and judged by what a person sees."""
