"""The day on a map: what is drawn (``scene``) and the one-file page that draws it (``page``)."""
