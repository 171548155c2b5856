use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::*;

fn theme(change: impl FnOnce(&mut Theme)) -> Theme {
    let mut theme = Theme::default();
    change(&mut theme);
    theme
}

fn svg(inside: &str) -> String {
    let text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 64 32\">{inside}</svg>"
    );
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(text))
}

fn png(width: u32, height: u32) -> String {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    format!("data:image/png;base64,{}", STANDARD.encode(bytes))
}

#[test]
fn contrast_is_that_of_the_standard() {
    for (one, two, expected) in [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
    ] {
        let [one, two] = [one, two].map(|text| Color::parse(text).unwrap());
        assert!(
            (one.contrast(two) - expected).abs() < 0.01,
            "{one} on {two}: {}",
            one.contrast(two)
        );
    }
}

#[test]
fn colors_that_cannot_be_read_are_refused() {
    for (brand, faults) in [
        ("#1a6757", 0),
        ("#003c80", 0),
        ("#6fbda5", 1),
        ("#ffffff", 1),
        ("red", 1),
        ("#12345", 1),
        ("#00000;", 1),
    ] {
        let theme = theme(|it| it.brand = Some(brand.to_owned()));
        assert_eq!(theme.faults().len(), faults, "{brand}");
    }
    for (accent, faults) in [("#e0a32f", 0), ("#ffffff", 0), ("#5a4a20", 1)] {
        let theme = theme(|it| it.accent = Some(accent.to_owned()));
        assert_eq!(theme.faults().len(), faults, "{accent}");
    }
}

#[test]
fn faults_say_what_to_do() {
    let theme = theme(|it| {
        it.brand = Some("#6fbda5".to_owned());
        it.accent = Some("#202020".to_owned());
    });
    let told: Vec<String> = theme
        .faults()
        .into_iter()
        .map(|fault| fault.message)
        .collect();
    assert!(
        told.iter()
            .any(|message| message.ends_with("take a darker one")),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|message| message.ends_with("take a lighter one")),
        "{told:?}"
    );
}

#[test]
fn text_of_any_brand_is_readable_in_both_schemes() {
    for red in (0..=255).step_by(15) {
        for blue in (0..=255).step_by(51) {
            let brand = Color::new(red, 60, blue);
            if brand_contrast(brand) < READABLE {
                continue;
            }
            let on_dark = brand.lightened_until(|tint| tint.contrast(DARK) >= READABLE);
            assert!(on_dark.contrast(DARK) >= READABLE, "{brand} in the dark");
            let (text, ground) = (brand.mixed(BLACK, 45), brand.mixed(WHITE, 68));
            assert!(text.contrast(ground) >= READABLE, "{brand} on its tint");
            let (text, ground) = (brand.mixed(WHITE, 92), brand.mixed(BLACK, 65));
            assert!(text.contrast(ground) >= READABLE, "{brand} on its shade");
        }
    }
}

#[test]
fn sheet_says_only_what_differs() {
    assert_eq!(Theme::default().stylesheet("/logo"), "");
    let accent = theme(|it| it.accent = Some("#ebb852".to_owned()));
    assert_eq!(
        accent.stylesheet("/logo"),
        ":root:root{--postern-lamp:#ebb852}\n"
    );
    let brand = theme(|it| it.brand = Some("#003C80".to_owned())).stylesheet("/logo");
    assert!(
        brand.contains("--mantine-color-patina-7:#003c80;"),
        "{brand}"
    );
    let logo = theme(|it| it.logo = Some(svg("<path d=\"M0 0h9v9z\"/>"))).stylesheet("/logo");
    assert!(
        logo.contains("url(\"/logo\")") && logo.contains("aspect-ratio:2}"),
        "{logo}"
    );
}

#[test]
fn texts_are_lines() {
    for (headline, faults) in [("Our APIs", 0), ("", 1), ("two\nlines", 1), (" ", 1)] {
        let theme = theme(|it| it.headline = Some(headline.to_owned()));
        assert_eq!(theme.faults().len(), faults, "{headline:?}");
    }
    assert_eq!(
        theme(|it| it.lead = Some("x".repeat(241))).faults().len(),
        1
    );
}

#[test]
fn logos_have_bounds() {
    for (logo, expected) in [
        (png(200, 50), Ok(4.0)),
        (png(50, 200), Ok(1.0)),
        (png(2_000, 20), Ok(6.0)),
        (png(4_000, 20), Err(())),
        (png(0, 20), Err(())),
        ("data:image/png;base64,AAAA".to_owned(), Err(())),
        ("data:image/gif;base64,AAAA".to_owned(), Err(())),
        ("data:image/png;base64,*".to_owned(), Err(())),
        (
            format!("data:image/png;base64,{}", "A".repeat(60_000)),
            Err(()),
        ),
    ] {
        assert_eq!(
            Logo::read(&logo).map(|it| it.ratio()).map_err(|_| ()),
            expected,
            "{logo:.60}"
        );
    }
}

#[test]
fn nothing_runs_in_a_logo() {
    for inside in [
        "<g fill=\"url(#a)\"><path d=\"M0 0h9v9z\" style=\"fill:#123456\"/></g><use href=\"#a\"/>",
        "<defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"red\"/></linearGradient></defs>",
    ] {
        assert!(
            Logo::read(&svg(inside)).is_ok(),
            "{inside}: {:?}",
            Logo::read(&svg(inside))
        );
    }
    for inside in [
        "<script>alert(1)</script>",
        "<path onload=\"alert(1)\"/>",
        "<path ONCLICK=\"alert(1)\"/>",
        "<use href=\"https://elsewhere.example/a.svg#a\"/>",
        "<use xlink:href=\"data:image/svg+xml;base64,AAAA#a\"/>",
        "<image href=\"https://elsewhere.example/pixel.png\"/>",
        "<foreignObject><p xmlns=\"http://www.w3.org/1999/xhtml\">x</p></foreignObject>",
        "<path fill=\"url(https://elsewhere.example/a)\"/>",
        "<path style=\"fill:url( 'https://elsewhere.example/a' )\"/>",
        "<path style=\"fill:u\\72l(https://elsewhere.example/a)\"/>",
        "<style>@import 'https://elsewhere.example/a.css'</style>",
        "<animate attributeName=\"href\" to=\"javascript:alert(1)\"/>",
        "<a href=\"javascript:alert(1)\"><path d=\"M0 0\"/></a>",
        "<?xml-stylesheet href=\"https://elsewhere.example/a.css\"?>",
    ] {
        assert!(Logo::read(&svg(inside)).is_err(), "{inside}");
    }
    let entity = "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>";
    assert!(
        Logo::read(&format!(
            "data:image/svg+xml;base64,{}",
            STANDARD.encode(entity)
        ))
        .is_err()
    );
}
