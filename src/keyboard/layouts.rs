//! The layouts themselves: what stands on each key, as somebody who looks at the keyboard reads it.
//!
//! A layout is four rows from the digits to the space bar, a word for each key from the left, and in a word what the key
//! gives alone, with Shift, with AltGr, and with both. `□` is nothing. Five signs are dead keys, which wait for a letter:
//! `ˋ ´ ˆ ¨ ˜`. They are not the characters `` ` ^ ~ ``, which some keys give at once.
//!
//! Linux and Windows do not always agree. A character beyond ASCII is only here where both have it on the same key. ASCII
//! is always whole, and where they differ it is as in Linux, whose consoles are typed into most: on `es` and `fr` the `~`,
//! on `fr` the `` ` ``, which are dead keys in Windows; on `it` both of them, which Windows does not have.
//! Sources: xkeyboard-config for Linux (`tests/e2e/layouts.py` compares all of it), Unicode CLDR's `keyboards/windows`.

use super::layout::Layout;

/// The keyboard of the United States. Every other key is named by what stands on its place here.
pub(crate) const US: Layout = Layout {
    name: "us",
    keyboard: "United States",
    rows: [
        r##"`~ 1! 2@ 3# 4$ 5% 6^ 7& 8* 9( 0) -_ =+"##,
        r##"qQ wW eE rR tT yY uU iI oO pP [{ ]}"##,
        r##"aA sS dD fF gG hH jJ kK lL ;: '" \|"##,
        r##"□ zZ xX cC vV bB nN mM ,< .> /?"##,
    ],
};

/// All of them, the most common first.
pub const LAYOUTS: [Layout; 18] = [
    US,
    Layout {
        name: "uk",
        keyboard: "United Kingdom",
        rows: [
            r##"`¬ 1! 2" 3£ 4$€ 5% 6^ 7& 8* 9( 0) -_ =+"##,
            r##"qQ wW eE rR tT yY uU iI oO pP [{ ]}"##,
            r##"aA sS dD fF gG hH jJ kK lL ;: '@ #~"##,
            r##"\| zZ xX cC vV bB nN mM ,< .> /?"##,
        ],
    },
    Layout {
        name: "de",
        keyboard: "German",
        rows: [
            r##"ˆ° 1! 2"² 3§³ 4$ 5% 6& 7/{ 8([ 9)] 0=} ß?\ ´ˋ"##,
            r##"qQ@ wW eE€ rR tT zZ uU iI oO pP üÜ +*~"##,
            r##"aA sS dD fF gG hH jJ kK lL öÖ äÄ #'"##,
            r##"<>| yY xX cC vV bB nN mMµ ,; .: -_"##,
        ],
    },
    Layout {
        name: "fr",
        keyboard: "French (AZERTY)",
        rows: [
            r##"² &1 é2~ "3# '4{ (5[ -6| è7` _8\ ç9^ à0@ )°] =+}"##,
            r##"aA zZ eE€ rR tT yY uU iI oO pP ˆ¨ $£¤"##,
            r##"qQ sS dD fF gG hH jJ kK lL mM ù% *µ"##,
            r##"<> wW xX cC vV bB nN ,? ;. :/ !§"##,
        ],
    },
    Layout {
        name: "es",
        keyboard: "Spanish",
        rows: [
            r##"ºª\ 1!| 2"@ 3·# 4$~ 5% 6&¬ 7/ 8( 9) 0= '? ¡¿"##,
            r##"qQ wW eE€ rR tT yY uU iI oO pP ˋˆ[ +*]"##,
            r##"aA sS dD fF gG hH jJ kK lL ñÑ ´¨{ çÇ}"##,
            r##"<> zZ xX cC vV bB nN mM ,; .: -_"##,
        ],
    },
    Layout {
        name: "latam",
        keyboard: "Spanish (Latin America)",
        rows: [
            r##"|°¬ 1! 2" 3# 4$ 5% 6& 7/ 8( 9) 0= '?\ ¿¡"##,
            r##"qQ@ wW eE rR tT yY uU iI oO pP ´¨ +*~"##,
            r##"aA sS dD fF gG hH jJ kK lL ñÑ {[ˆ }]ˋ"##,
            r##"<> zZ xX cC vV bB nN mM ,; .: -_"##,
        ],
    },
    Layout {
        name: "jp",
        keyboard: "Japanese (106 and 109 keys), ASCII only",
        rows: [
            r##"□ 1! 2" 3# 4$ 5% 6& 7' 8( 9) 0 -= ^~ □|"##,
            r##"qQ wW eE rR tT yY uU iI oO pP @` [{"##,
            r##"aA sS dD fF gG hH jJ kK lL ;+ :* ]}"##,
            r##"□ zZ xX cC vV bB nN mM ,< .> /? \_"##,
        ],
    },
    Layout {
        name: "it",
        keyboard: "Italian",
        rows: [
            r##"\| 1! 2" 3£ 4$ 5% 6& 7/ 8( 9) 0= '?` ì^~"##,
            r##"qQ wW eE€ rR tT yY uU iI oO pP èé[{ +*]}"##,
            r##"aA sS dD fF gG hH jJ kK lL òç@ à°# ù§"##,
            r##"<> zZ xX cC vV bB nN mM ,; .: -_"##,
        ],
    },
    Layout {
        name: "pt",
        keyboard: "Portuguese",
        rows: [
            r##"\| 1! 2"@ 3#£ 4$§ 5% 6& 7/{ 8([ 9)] 0=} '? «»"##,
            r##"qQ wW eE€ rR tT yY uU iI oO pP +*¨ ´ˋ"##,
            r##"aA sS dD fF gG hH jJ kK lL çÇ ºª ˜ˆ"##,
            r##"<> zZ xX cC vV bB nN mM ,; .: -_"##,
        ],
    },
    Layout {
        name: "br",
        keyboard: "Portuguese (Brazil, ABNT2)",
        rows: [
            r##"'" 1!¹ 2@² 3#³ 4$£ 5%¢ 6¨¬ 7& 8* 9( 0) -_ =+§"##,
            r##"qQ/ wW? eE° rR tT yY uU iI oO pP ´ˋ [{ª"##,
            r##"aA sS dD fF gG hH jJ kK lL çÇ ˜ˆ ]}º"##,
            r##"\| zZ xX cC vV bB nN mM ,< .> ;: /?"##,
        ],
    },
    Layout {
        name: "se",
        keyboard: "Swedish",
        rows: [
            r##"§½ 1! 2"@ 3#£ 4¤$ 5%€ 6& 7/{ 8([ 9)] 0=} +?\ ´ˋ"##,
            r##"qQ wW eE€ rR tT yY uU iI oO pP åÅ ¨ˆ˜"##,
            r##"aA sS dD fF gG hH jJ kK lL öÖ äÄ '*"##,
            r##"<>| zZ xX cC vV bB nN mMµ ,; .: -_"##,
        ],
    },
    Layout {
        name: "fi",
        keyboard: "Finnish",
        rows: [
            r##"§½ 1! 2"@ 3#£ 4¤$ 5% 6& 7/{ 8([ 9)] 0=} +?\ ´ˋ"##,
            r##"qQ wW eE€ rR tT yY uU iI oO pP åÅ ¨ˆ˜"##,
            r##"aA sS dD fF gG hH jJ kK lL öÖ äÄ '*"##,
            r##"<>| zZ xX cC vV bB nN mMµ ,; .: -_"##,
        ],
    },
    Layout {
        name: "dk",
        keyboard: "Danish",
        rows: [
            r##"½§ 1! 2"@ 3#£ 4¤$ 5% 6& 7/{ 8([ 9)] 0=} +? ´ˋ|"##,
            r##"qQ wW eE€ rR tT yY uU iI oO pP åÅ ¨ˆ˜"##,
            r##"aA sS dD fF gG hH jJ kK lL æÆ øØ '*"##,
            r##"<>\ zZ xX cC vV bB nN mMµ ,; .: -_"##,
        ],
    },
    Layout {
        name: "no",
        keyboard: "Norwegian",
        rows: [
            r##"|§ 1! 2"@ 3#£ 4¤$ 5% 6& 7/{ 8([ 9)] 0=} +? \ˋ´"##,
            r##"qQ wW eE€ rR tT yY uU iI oO pP åÅ ¨ˆ˜"##,
            r##"aA sS dD fF gG hH jJ kK lL øØ æÆ '*"##,
            r##"<> zZ xX cC vV bB nN mMµ ,; .: -_"##,
        ],
    },
    Layout {
        name: "ch-de",
        keyboard: "German (Switzerland)",
        rows: [
            r##"§° 1+ 2"@ 3*# 4ç 5% 6&¬ 7/| 8(¢ 9) 0= '?´ ˆˋ˜"##,
            r##"qQ wW eE€ rR tT zZ uU iI oO pP üè[ ¨!]"##,
            r##"aA sS dD fF gG hH jJ kK lL öé äà{ $£}"##,
            r##"<>\ yY xX cC vV bB nN mM ,; .: -_"##,
        ],
    },
    Layout {
        name: "ch-fr",
        keyboard: "French (Switzerland)",
        rows: [
            r##"§° 1+ 2"@ 3*# 4ç 5% 6&¬ 7/| 8(¢ 9) 0= '?´ ˆˋ˜"##,
            r##"qQ wW eE€ rR tT zZ uU iI oO pP èü[ ¨!]"##,
            r##"aA sS dD fF gG hH jJ kK lL éö àä{ $£}"##,
            r##"<>\ yY xX cC vV bB nN mM ,; .: -_"##,
        ],
    },
    Layout {
        name: "be",
        keyboard: "Belgian (AZERTY)",
        rows: [
            r##"²³ &1| é2@ "3# '4 (5 §6^ è7 !8 ç9{ à0} )° -_"##,
            r##"aA zZ eE€ rR tT yY uU iI oO pP ˆ¨[ $*]"##,
            r##"qQ sS dD fF gG hH jJ kK lL mM ù%´ µ£ˋ"##,
            r##"<>\ wW xX cC vV bB nN ,? ;. :/ =+˜"##,
        ],
    },
    Layout {
        name: "nl",
        keyboard: "Dutch",
        rows: [
            r##"@§¬ 1!¹ 2"² 3#³ 4$¼ 5%½ 6&¾ 7_£ 8({ 9)} 0' /?\ °˜"##,
            r##"qQ wW eE€ rR¶ tT yY uU iI oO pP ¨ˆ *|"##,
            r##"aA sSß dD fF gG hH jJ kK lL +± ´ˋ <>"##,
            r##"][ zZ« xX» cC¢ vV bB nN mM ,; .:· -="##,
        ],
    },
];
