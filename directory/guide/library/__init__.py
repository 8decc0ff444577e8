"""The patient's guide: pages written in Markdown under ``seeds/guide``, read, checked and searched here."""
