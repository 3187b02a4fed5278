"""A byte as a word: 256 short, distinct words to read a hash aloud over a telephone or write it on paper."""

WORDS = tuple(
    """acid acorn actor adobe agate alarm album alder alley amber anchor angle ankle apple april apron arena argon arrow
    aspen atlas attic autumn badge bagel baker balcony bamboo banjo barley basil basin basket beacon beaver bench berry
    birch bishop bison blanket blossom boiler bonfire border bottle boulder bracket branch bread brick bridge broom
    bucket buckle bugle butter button cabin cable cactus camel camera candle canoe canvas carbon carpet carrot castle
    cedar cellar cement cereal chalk cherry chimney cinder circus citrus clay cliff clover cobble coffee comet compass
    copper coral cotton cradle crater cricket crystal curtain daisy damson dancer delta desert diesel dinner dolphin
    donkey dragon drawer drummer dune eagle easel echo elbow elder ember engine envelope fabric falcon feather fennel
    ferry fiddle filter finger flame flannel flint flour flute forest fossil fountain fox freight frost furnace galaxy
    gallery garden garlic garnet gazelle geyser ginger glacier glove goblet granite grape gravel guitar gutter hammer
    hamster harbor harvest hazel hedge helmet heron hinge hockey honey horizon hornet hotel iceberg igloo indigo insect
    island ivory jacket jaguar jasmine jelly jigsaw jungle juniper kayak kernel kettle kitchen kitten koala ladder lagoon
    lantern laurel lemon lentil lever lilac linen lobster locket lotus lumber magnet mango maple marble meadow melon
    mirror mitten monsoon mosaic motor muffin museum napkin nectar needle nickel nutmeg oasis oboe ocean olive onion
    opera orange orchid otter oven oyster paddle palace panther paper parrot pebble pencil pepper piano pigeon pillow
    pistachio planet plaza pocket pollen poppy
    puzzle quilt rabbit raccoon ribbon rocket saddle salmon tulip velvet walnut zebra""".split()  # noqa: SIM905 - a table of words
)


def phrase(content: bytes) -> str:
    """The bytes as words, one each."""
    return " ".join(WORDS[byte] for byte in content)
