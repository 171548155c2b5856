use super::*;
use crate::{ResponseMode, Target};

const NOW: Timestamp = Timestamp(1_000_000_000);

fn request(prompts: &[Prompt], max_age_seconds: Option<i64>, acr: &[&str]) -> AuthorizationRequest {
    AuthorizationRequest {
        client: "c".into(),
        target: Target {
            redirect_uri: "https://a".into(),
            is_named: true,
            response_mode: ResponseMode::Query,
            state: None,
        },
        scopes: Vec::new(),
        nonce: None,
        challenge: None,
        prompts: prompts.to_vec(),
        max_age_seconds,
        acr_values: acr.iter().map(ToString::to_string).collect(),
        login_hint: None,
        resources: Vec::new(),
        subject: None,
        key: None,
    }
}

fn since(ms: i64, amr: &[&str]) -> Presence {
    Presence {
        subject: "ann".into(),
        auth_time: NOW.plus_ms(-ms),
        amr: amr.iter().map(ToString::to_string).collect(),
    }
}

fn situation(presence: Option<&Presence>, agreement: Agreement) -> Situation<'_> {
    Situation {
        presence,
        begun_at: None,
        is_account_chosen: false,
        agreement,
        is_first_party: false,
    }
}

fn kind(step: &Step) -> &str {
    match step {
        Step::Issue => "issue",
        Step::Ask(question) => question.as_str(),
        Step::Refuse(error) => error.kind.as_str(),
    }
}

#[test]
fn silent_requests_fail_where_others_ask() {
    let hour = since(3_600_000, &["pwd"]);
    for row in SILENCE.lines() {
        let [max_age, acr, who, agreement, asked, silent] =
            row.split_ascii_whitespace().collect::<Vec<_>>()[..]
        else {
            panic!("{row}");
        };
        let acr: Vec<&str> = acr.split(',').filter(|value| *value != "-").collect();
        let agreement = match agreement {
            "denied" => Agreement::Denied,
            "remembered" => Agreement::Remembered,
            _ => Agreement::Missing,
        };
        let found = |prompts: &[Prompt]| {
            let request = request(prompts, max_age.parse().ok(), &acr);
            let presence = (who == "hour").then_some(&hour);
            kind(&decide(&request, situation(presence, agreement), NOW)).to_owned()
        };
        assert_eq!(found(&[]), asked, "{row}");
        assert_eq!(found(&[Prompt::None]), silent, "{row}");
    }
}

/// `max_age`, `acr_values`, who signed in an hour ago, what was agreed: the outcome, and the one of `prompt=none`.
const SILENCE: &str = "\
-    -   -    missing    sign-in       login_required
-    -   -    remembered sign-in       login_required
-    -   hour missing    consent       consent_required
-    -   hour remembered issue         issue
-    -   hour denied     access_denied access_denied
-    -   -    denied     access_denied access_denied
3600 -   hour remembered issue         issue
3599 -   hour remembered sign-in       login_required
0    -   hour remembered sign-in       login_required
-    1   hour remembered issue         issue
-    2   hour remembered step-up       interaction_required
-    2,1 hour remembered issue         issue";

#[test]
fn login_is_asked_once_per_request() {
    let before = since(1000, &["pwd"]);
    let mut known = situation(Some(&before), Agreement::Remembered);
    let login = request(&[Prompt::Login], None, &[]);
    assert_eq!(kind(&decide(&login, known, NOW)), "sign-in");
    known.begun_at = Some(NOW.plus_ms(-999));
    assert_eq!(kind(&decide(&login, known, NOW)), "sign-in");
    known.begun_at = Some(NOW.plus_ms(-1000));
    assert_eq!(kind(&decide(&login, known, NOW)), "issue");
    // A person who took longer than `max_age` over the consent is not sent around in circles.
    let at_once = request(&[], Some(0), &[]);
    assert_eq!(kind(&decide(&at_once, known, NOW)), "issue");
}

#[test]
fn another_person_than_the_one_hinted_at_will_not_do() {
    let ann = since(0, &["pwd"]);
    let known = situation(Some(&ann), Agreement::Remembered);
    for (subject, asked, silent) in [
        ("ann", "issue", "issue"),
        ("bob", "sign-in", "login_required"),
    ] {
        let about = |prompts: &[Prompt]| request(prompts, None, &[]).about(subject.to_owned());
        assert_eq!(kind(&decide(&about(&[]), known, NOW)), asked);
        assert_eq!(kind(&decide(&about(&[Prompt::None]), known, NOW)), silent);
    }
}

#[test]
fn account_is_chosen_once_per_request() {
    let before = since(1000, &["pwd"]);
    let mut known = situation(Some(&before), Agreement::Remembered);
    let choose = request(&[Prompt::SelectAccount], None, &[]);
    assert_eq!(
        decide(&choose, known, NOW),
        Step::Ask(Ask::SignIn { may_continue: true })
    );
    known.is_account_chosen = true;
    assert_eq!(decide(&choose, known, NOW), Step::Issue);
}

#[test]
fn consent_is_asked_again_when_the_client_wants_it() {
    let here = since(1000, &["pwd"]);
    let consent = request(&[Prompt::Consent], None, &[]);
    for (agreement, is_first_party, expected) in [
        (Agreement::Remembered, false, "consent"),
        (Agreement::Missing, true, "consent"),
        (Agreement::Given, false, "issue"),
    ] {
        let known = Situation {
            is_first_party,
            ..situation(Some(&here), agreement)
        };
        assert_eq!(
            kind(&decide(&consent, known, NOW)),
            expected,
            "{agreement:?}"
        );
    }
    let own = Situation {
        is_first_party: true,
        ..situation(Some(&here), Agreement::Missing)
    };
    assert_eq!(decide(&request(&[], None, &[]), own, NOW), Step::Issue);
}

#[test]
fn missing_second_factor_ends_the_request() {
    let weak = since(0, &["pwd"]);
    let strong = since(0, &["pwd", "otp"]);
    let wanted = request(&[], None, &["2"]);
    let after = |presence| Situation {
        begun_at: Some(NOW.plus_ms(-1)),
        ..situation(Some(presence), Agreement::Remembered)
    };
    assert_eq!(
        kind(&decide(&wanted, after(&weak), NOW)),
        "unmet_authentication_requirements"
    );
    assert_eq!(kind(&decide(&wanted, after(&strong), NOW)), "issue");
}

#[test]
fn two_factors_are_a_higher_context() {
    let acr = |amr: &[&str]| acr_of(&amr.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(acr(&[]), "1");
    assert_eq!(acr(&["pwd"]), "1");
    assert_eq!(acr(&["pwd", "otp"]), "2");
    assert_eq!(acr(&["hwk", "user"]), "1");
    assert_eq!(acr(&["hwk", "mfa"]), "2");
}
