//! Species, as certificates name them.

use ecert_sdk::model::certificates::TradeLine;
use ecert_sdk::model::values::Text;

/// Animals that headings of the Harmonized System tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Species {
    /// Cattle, buffalo, bison, yak.
    Bovine,
    /// Pigs and wild boar.
    Swine,
    /// Sheep.
    Sheep,
    /// Goats.
    Goat,
    /// Horses, asses, mules, hinnies.
    Equine,
    /// Fowls of the species Gallus domesticus.
    Chicken,
    /// Turkeys.
    Turkey,
    /// Ducks.
    Duck,
    /// Geese.
    Goose,
    /// Guinea fowls.
    GuineaFowl,
    /// Rabbits and hares.
    Rabbit,
    /// Camels and other camelids.
    Camelid,
    /// Deer.
    Deer,
    /// Ostrich, quail, pigeon and other birds that are not poultry of heading
    /// 0105.
    OtherBird,
    /// Kangaroo.
    Kangaroo,
    /// Reptiles, turtles among them.
    Reptile,
    /// Whales, dolphins, manatees, seals.
    MarineMammal,
}

use Species::{
    Bovine, Camelid, Chicken, Deer, Duck, Equine, Goat, Goose, GuineaFowl, Kangaroo, MarineMammal, OtherBird,
    Rabbit, Reptile, Sheep, Swine, Turkey,
};

impl Species {
    /// Name for findings and for the table of approved establishments.
    pub fn name(self) -> &'static str {
        match self {
            Bovine => "bovine",
            Swine => "porcine",
            Sheep => "ovine",
            Goat => "caprine",
            Equine => "equine",
            Chicken => "chicken",
            Turkey => "turkey",
            Duck => "duck",
            Goose => "goose",
            GuineaFowl => "guinea-fowl",
            Rabbit => "rabbit",
            Camelid => "camelid",
            Deer => "deer",
            OtherBird => "other-bird",
            Kangaroo => "kangaroo",
            Reptile => "reptile",
            MarineMammal => "marine-mammal",
        }
    }

    /// Whether it is poultry of heading 0105.
    pub fn is_poultry(self) -> bool {
        matches!(self, Chicken | Turkey | Duck | Goose | GuineaFowl)
    }
}

/// The animals that texts name by their common names, each once.
pub fn in_words(texts: &[Text]) -> Vec<Species> {
    of_names(texts.iter().map(|text| text.value.as_str()), of_common)
}

/// The species a line names, each once: by scientific names, else by common
/// names. Names that are not known are passed over.
pub fn of_line(line: &TradeLine) -> Vec<Species> {
    let mut found = of_names(line.scientific_names.iter().map(|name| name.value.as_str()), of_scientific);
    if found.is_empty() {
        found = of_names(line.common_names.iter().map(|name| name.value.as_str()), of_common);
    }
    found
}

/// A name may list several species.
fn of_names<'a>(names: impl Iterator<Item = &'a str>, of: fn(&str) -> Option<Species>) -> Vec<Species> {
    let mut found = Vec::new();
    for name in names.flat_map(|names| names.split([',', ';', '/', '、', '+'])) {
        if let Some(species) = of(name).filter(|species| !found.contains(species)) {
            found.push(species);
        }
    }
    found
}

/// By genus; the genus Gallus only with the domestic fowl.
fn of_scientific(name: &str) -> Option<Species> {
    let lower = name.trim().to_lowercase();
    let mut words = lower.split_whitespace();
    let genus = words.next()?;
    Some(match genus {
        "bos" | "bubalus" | "bison" | "poephagus" | "syncerus" => Bovine,
        "sus" => Swine,
        "ovis" => Sheep,
        "capra" => Goat,
        "equus" => Equine,
        "gallus" => Chicken,
        "meleagris" => Turkey,
        "anas" | "cairina" => Duck,
        "anser" => Goose,
        "numida" => GuineaFowl,
        "oryctolagus" | "lepus" => Rabbit,
        "camelus" | "lama" | "vicugna" => Camelid,
        "cervus" | "dama" | "capreolus" | "rangifer" | "alces" | "odocoileus" => Deer,
        "struthio" | "coturnix" | "columba" | "dromaius" | "phasianus" | "perdix" => OtherBird,
        "macropus" | "osphranter" | "notamacropus" => Kangaroo,
        "crocodylus" | "alligator" | "caiman" | "python" | "pelodiscus" => Reptile,
        "balaena" | "balaenoptera" | "delphinus" | "phoca" | "pagophilus" => MarineMammal,
        _ => return None,
    })
}

/// By a whole word of the common name.
fn of_common(name: &str) -> Option<Species> {
    let lower = name.trim().to_lowercase();
    if let Some((_, species)) = HAN.iter().find(|(word, _)| lower.contains(word)) {
        return Some(*species);
    }
    let mut words = lower.split(|character: char| !character.is_alphanumeric());
    words.find_map(|word| COMMON.iter().find(|(common, _)| *common == word).map(|(_, species)| *species))
}

/// Words of common names in the languages certificates are mostly written in.
const COMMON: &[(&str, Species)] = &[
    ("beef", Bovine),
    ("bovine", Bovine),
    ("cattle", Bovine),
    ("veal", Bovine),
    ("buffalo", Bovine),
    ("bovino", Bovine),
    ("vacuno", Bovine),
    ("bovin", Bovine),
    ("rind", Bovine),
    ("pork", Swine),
    ("pig", Swine),
    ("pigs", Swine),
    ("swine", Swine),
    ("porcine", Swine),
    ("porcino", Swine),
    ("cerdo", Swine),
    ("porc", Swine),
    ("suíno", Swine),
    ("schwein", Swine),
    ("sheep", Sheep),
    ("lamb", Sheep),
    ("mutton", Sheep),
    ("hogget", Sheep),
    ("ovine", Sheep),
    ("ovino", Sheep),
    ("cordero", Sheep),
    ("agneau", Sheep),
    ("goat", Goat),
    ("caprine", Goat),
    ("caprino", Goat),
    ("horse", Equine),
    ("equine", Equine),
    ("chicken", Chicken),
    ("pollo", Chicken),
    ("frango", Chicken),
    ("poulet", Chicken),
    ("turkey", Turkey),
    ("pavo", Turkey),
    ("peru", Turkey),
    ("dinde", Turkey),
    ("duck", Duck),
    ("pato", Duck),
    ("canard", Duck),
    ("goose", Goose),
    ("ganso", Goose),
    ("rabbit", Rabbit),
    ("hare", Rabbit),
    ("conejo", Rabbit),
    ("camel", Camelid),
    ("venison", Deer),
    ("deer", Deer),
    ("ostrich", OtherBird),
    ("quail", OtherBird),
    ("kangaroo", Kangaroo),
];

/// Chinese names, the ones that contain others first.
const HAN: &[(&str, Species)] = &[
    ("火鸡", Turkey),
    ("珍珠鸡", GuineaFowl),
    ("牛", Bovine),
    ("猪", Swine),
    ("山羊", Goat),
    ("羊", Sheep),
    ("马", Equine),
    ("鸡", Chicken),
    ("鸭", Duck),
    ("鹅", Goose),
    ("兔", Rabbit),
    ("骆驼", Camelid),
    ("鹿", Deer),
];

#[cfg(test)]
mod tests {
    use super::*;
    use ecert_sdk::testing::text;

    fn line(scientific: &[&str], common: &[&str]) -> TradeLine {
        TradeLine {
            scientific_names: scientific.iter().map(|name| text(name)).collect(),
            common_names: common.iter().map(|name| text(name)).collect(),
            ..TradeLine::default()
        }
    }

    #[test]
    fn scientific_names_go_before_common_names() {
        assert_eq!(of_line(&line(&["Bos taurus, Bos indicus"], &["Lamb"])), [Bovine]);
        assert_eq!(of_line(&line(&["Ovis aries", "Capra hircus"], &[])), [Sheep, Goat]);
        assert_eq!(of_line(&line(&["sp."], &["Chilled lamb cuts"])), [Sheep]);
        assert_eq!(of_line(&line(&[], &["冻火鸡腿"])), [Turkey]);
        assert_eq!(of_line(&line(&[], &["Edible offal"])), []);
    }
}
