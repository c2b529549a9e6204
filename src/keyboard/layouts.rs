//! The keyboard layouts that can be chosen.
//!
//! A layout has four rows of keys, from the digits down to the row above the space bar. A row has one word for each key,
//! from the left, and a word has up to four characters: without modifiers, with Shift, with AltGr, with AltGr and Shift.
//! `□` stands for no character. `ˋ ´ ˆ ¨ ˜` are dead keys, which compose a character with the next letter; they are not the
//! characters `` ` ^ ~ ``, which some keys give at once.
//!
//! Linux and Windows differ in places. A character beyond ASCII is listed only if both have it on the same key. Each layout
//! has all of ASCII. Where the two differ, the layout follows Linux, whose consoles are typed into most: `~` on `es` and
//! `fr`, and `` ` `` on `fr`, are dead keys in Windows; Windows has neither on `it`.
//!
//! Sources: xkeyboard-config for Linux (`tests/e2e/layouts.py` compares all of it), Unicode CLDR's `keyboards/windows`.

use super::layout::Layout;

/// The US layout. The keysym of a key is what this layout has on it.
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

/// All layouts, the most common first.
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

pub(crate) fn find_layout(name: &str) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| layout.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_is_found_by_its_name() {
        for layout in &LAYOUTS {
            assert_eq!(find_layout(layout.name).unwrap().keyboard, layout.keyboard);
            assert!(layout.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
        }
        assert!(find_layout("xx").is_none());
    }
}
