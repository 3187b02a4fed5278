"""The letter press: an approved letter laid out once per shape by WeasyPrint, stamped for each recipient, checked as written.

What a caller (the part that reads recipients' files, assigns codes, writes folders and manifests) uses; nothing here opens
a store, reads the time or writes a file but the sealed cache of layouts:

- `recipient.Recipient`: one addressee, all texts ready to be set. `recipient.refusal(recipient)`: why not, in a sentence.
- `compilation.LetterText(html, title, language)`: an approved page, dressed by `documents.page.dress` (its mark is on every
  sheet; a draft or an exercise is pressed as such).
- `press.Press(texts, tagged=…, cache=…, fonts=…)`, in a `with` block. `letter(recipient)` → `Letter` (path `fast` or
  `slow`, and why) or `Refused` (reason). `file(letter)` → `individual.LetterFile`: `.pdf`, `.prefix` and `.rest` (its two
  halves: write them one after the other and nothing is copied), `.sha256`, `.crc32` (for a stored ZIP member), `.pages`.
  `counts`: letters by way, refusals.
- `combined.CombinedFile(press.desk.fonts)` (tagged, PDF/UA-1) and `combined.PrintStream(…)` (untagged): `add(letter.stamper,
  letter.stamped)` → the letter's first page from 1; `finished()` → bytes. A tagged press feeds the first, an untagged one the
  second. A file takes letters of any texts and shapes mixed, fast and slow.
- `cache.LayoutCache(folder, key)`: layouts sealed under a key of the vault, so that a run begins without a layout.
- `workers.PressOrder` and `workers.pressed(order, work, chunks)`: one process per core; `work(press, chunk)` is a function of
  the caller's that writes the chunk's file and returns what the manifest needs.
- `oracle.verify_file(pdf, written, sample)`: other readers find each sampled letter's reference and nobody else's.
  `oracle.verify_drawing(pdf, oracle.plain_pdf(press, recipient), recipient)`: the letter draws what WeasyPrint alone draws.
  `oracle.validated(pdf)`: an installed PDF/UA validator's first finding. `stamping.Stamper.verify_page`: one page's written
  bytes against a recipient (`letter` does this for every page of every letter).

The same recipient and text give the same bytes on the same pinned stack, whatever was pressed before. A mismatch raises
DocumentError, and the run must stop. Files hold no bookmarks and no links: they are letters.
"""
