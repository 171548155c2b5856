use model::{Limit, Measure, TimeUnit};

use super::*;
use crate::book::tests::{NOW, charge, object};
use crate::{GiveBack, LeaseBook, LimitShardState, ResetRequest, Verdict};

/// An owner, its relay, and holders who ask that, without a network between them.
struct Office {
    owner: LimitShardState,
    relay: Relay,
    errands: usize,
}

impl Office {
    fn new() -> Self {
        Self {
            owner: LimitShardState::default(),
            relay: Relay::new(object(), Holder::from_random(1_000)),
            errands: 0,
        }
    }

    fn answer(&mut self, request: &LeaseRequest, now: Timestamp) -> LeaseReply {
        for _ in 0..4 {
            match self.relay.answer(request, now) {
                Relayed::Reply(reply) => {
                    for call in self.relay.refill_due(now) {
                        self.run(&call, now);
                    }
                    return reply;
                }
                Relayed::Missing(call) => self.run(&call, now),
                Relayed::Awaited | Relayed::Lost => panic!("the owner answers at once"),
            }
        }
        panic!("not answered after four rounds");
    }

    fn run(&mut self, call: &LeaseCall, now: Timestamp) {
        self.errands += 1;
        let reply = self.owner.grant(&call.request, now).reply;
        self.relay.receive(call, &reply, now, now);
    }

    /// Calls that a book of a holder's admits until it is denied, at most `most`.
    fn admitted(
        &mut self,
        book: &mut LeaseBook,
        charge: &Charge,
        most: usize,
        now: Timestamp,
    ) -> usize {
        let charges = std::slice::from_ref(charge);
        let mut admits = || {
            for _ in 0..4 {
                match book.admit(charges, now) {
                    Verdict::Admitted(_) => return true,
                    Verdict::Denied(_) => return false,
                    Verdict::Awaited(_) => panic!("nobody else asks"),
                    Verdict::Missing(calls) => {
                        for call in calls {
                            let reply = self.answer(&call.request, now);
                            book.receive(&call, &reply, now, now);
                        }
                    }
                }
            }
            panic!("missing after four rounds");
        };
        (0..most).take_while(|_| admits()).count()
    }
}

fn holder(name: u128) -> LeaseBook {
    LeaseBook::new(Holder::from_random(name), 10)
}

fn ask(key: &str, amount: u64, cost: u64, want: u64) -> Ask {
    Ask {
        key: key.to_owned().into(),
        limit: charge(key, amount).limit,
        cost,
        want,
        owed: 0,
    }
}

fn request(name: u128, number: u64, asks: Vec<Ask>) -> LeaseRequest {
    LeaseRequest {
        holder: Holder::from_random(name),
        number,
        asks,
        returns: Vec::new(),
        holders: 1,
    }
}

#[test]
fn holders_together_get_the_limit_and_no_more() {
    for amount in [7, 100, 1_000, 20_000] {
        let mut office = Office::new();
        let limit = charge("s", amount);
        let mut books: Vec<LeaseBook> = (0..20).map(holder).collect();
        let mut sum = 0;
        for _ in 0..50 {
            for book in &mut books {
                sum += office.admitted(book, &limit, 100, NOW);
            }
        }
        let least = amount - amount / 20;
        let sum = u64::try_from(sum).unwrap();
        assert!((least..=amount).contains(&sum), "{sum} of {amount}");
    }
}

#[test]
fn many_holders_cost_the_owner_few_messages() {
    let mut office = Office::new();
    let limit = charge("s", 1_000_000);
    for name in 0..200 {
        assert_eq!(office.admitted(&mut holder(name), &limit, 5, NOW), 5);
    }
    assert!(office.errands <= 20, "{} errands", office.errands);
}

#[test]
fn a_denial_is_passed_on_and_remembered() {
    let mut office = Office::new();
    let limit = charge("s", 10);
    assert_eq!(office.admitted(&mut holder(1), &limit, 99, NOW), 10);
    let errands = office.errands;
    for name in 2..50 {
        let reply = office.answer(&request(name, 1, vec![ask("s", 10, 1, 8)]), NOW);
        let told = reply.outcomes[0];
        assert_eq!(
            (told.units, told.denied, told.ends_in_ms),
            (0, true, 30_000)
        );
    }
    assert_eq!(office.errands, errands, "the owner was not asked again");
    let next = NOW.plus_ms(30_000);
    assert_eq!(office.admitted(&mut holder(99), &limit, 99, next), 10);
}

#[test]
fn a_repeated_request_gets_the_same_loan() {
    let mut office = Office::new();
    let first = request(1, 1, vec![ask("s", 5_000, 1, 8)]);
    let lent = office.answer(&first, NOW).outcomes[0];
    let again = office.answer(&first, NOW.plus_ms(400)).outcomes[0];
    assert_eq!((lent.units, again.units), (8, 8));
    assert_eq!(
        again.ends_in_ms,
        lent.ends_in_ms - 400,
        "good for as long as before"
    );
}

#[test]
fn a_call_gets_all_its_limits_or_none() {
    let mut office = Office::new();
    assert_eq!(office.admitted(&mut holder(1), &charge("a", 3), 9, NOW), 3);
    let both = request(2, 1, vec![ask("s", 5_000, 1, 8), ask("a", 3, 1, 1)]);
    let reply = office.answer(&both, NOW);
    let units: Vec<u64> = reply.outcomes.iter().map(|told| told.units).collect();
    assert_eq!(units, [0, 0]);
    assert!(!reply.outcomes[0].denied, "`s` has plenty");
    assert!(reply.outcomes[1].denied);
}

#[test]
fn what_comes_back_is_lent_again_once() {
    let mut office = Office::new();
    let lent = office.answer(&request(1, 1, vec![ask("s", 2_000, 1, 3)]), NOW);
    assert_eq!(lent.outcomes[0].units, 3);
    let held = |office: &mut Office| {
        let probe = ask("s", 2_000, 1, 1);
        office.relay.entry(&probe, NOW).held()
    };
    let before = held(&mut office);
    let mut back = request(1, 2, vec![ask("s", 2_000, 1, 1)]);
    back.returns = vec![GiveBack {
        key: "s".to_owned().into(),
        number: 1,
        units: 2,
    }];
    office.answer(&back, NOW);
    assert_eq!(held(&mut office), before + 2 - 1);
    back.number = 3;
    office.answer(&back, NOW);
    assert_eq!(held(&mut office), before + 2 - 2, "it came back already");
}

#[test]
fn two_versions_of_a_policy_do_not_disturb_each_other() {
    let mut office = Office::new();
    for number in 1..20 {
        office.answer(&request(1, number, vec![ask("s", 5_000, 1, 2)]), NOW);
        office.answer(&request(2, number, vec![ask("s", 6_000, 1, 2)]), NOW);
    }
    assert!(office.errands <= 8, "{} errands", office.errands);
}

#[test]
fn a_reset_passes_through_when_a_holder_asks() {
    let mut office = Office::new();
    let limit = Limit::new(Measure::Requests(3), 1, TimeUnit::Hour);
    let hourly = Charge {
        limit,
        ..charge("s", 3)
    };
    assert_eq!(office.admitted(&mut holder(1), &hourly, 9, NOW), 3);
    let keys = vec![hourly.key.clone()];
    office.owner.reset(&ResetRequest { keys }, NOW);
    let doubt = Ask {
        limit,
        ..ask("s", 3, 0, 1)
    };
    let soon = office.answer(&request(1, 50, vec![doubt.clone()]), NOW.plus_ms(999));
    assert!(soon.outcomes[0].denied, "the owner's word is fresh");
    let later = office.answer(&request(1, 51, vec![doubt]), NOW.plus_ms(5_000));
    assert_eq!(later.outcomes[0].units, 1);
}

#[test]
fn without_its_owner_it_answers_nobody() {
    let mut office = Office::new();
    let asked = request(1, 1, vec![ask("s", 5_000, 1, 8)]);
    let Relayed::Missing(call) = office.relay.answer(&asked, NOW) else {
        panic!("nothing is held")
    };
    let other = request(2, 1, vec![ask("s", 5_000, 1, 8)]);
    assert_eq!(office.relay.answer(&other, NOW), Relayed::Awaited);
    office.relay.unreachable(&call, NOW);
    assert_eq!(office.relay.answer(&other, NOW), Relayed::Lost);
    let later = NOW.plus_ms(1_001);
    assert!(matches!(
        office.relay.answer(&other, later),
        Relayed::Missing(_)
    ));
}
