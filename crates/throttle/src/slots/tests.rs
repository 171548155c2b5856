use super::*;

const NOW: Timestamp = Timestamp(1_795_000_000_000);

fn charge(most: u32, on_failure: FailureMode) -> SlotCharge {
    let (application, api) = ("app-1".into(), "api-1".into());
    SlotCharge {
        object: ObjectName::of_application(&"acme".into(), &application),
        key: CounterKey::subscription(&application, &api),
        most,
        on_failure,
    }
}

/// A call of `book`'s, with its owner in reach.
fn open(
    book: &mut SlotBook,
    owner: &mut Slots,
    charge: &SlotCharge,
    now: Timestamp,
) -> Option<Taken> {
    for _ in 0..3 {
        match book.look(charge, now) {
            Slot::Free => return Some(book.take(&charge.key, now)),
            Slot::Full | Slot::Unreachable => return None,
            Slot::Missing(call) => {
                let reply = owner.lend(&call.request, now);
                book.receive(&call, Some(reply), now, now);
            }
        }
    }
    None
}

fn give_back(book: &mut SlotBook, owner: &mut Slots, now: Timestamp) {
    for call in book.due(now) {
        owner.lend(&call.request, now);
    }
}

#[test]
fn isolates_together_never_pass_the_limit() {
    let limit = charge(5, FailureMode::Closed);
    let mut owner = Slots::default();
    let mut books: Vec<SlotBook> = (0..3)
        .map(|bits| SlotBook::new(Holder::from_random(bits)))
        .collect();
    let mut taken = Vec::new();
    for _ in 0..4 {
        for (place, book) in books.iter_mut().enumerate() {
            taken.extend(open(book, &mut owner, &limit, NOW).map(|it| (place, it)));
        }
    }
    assert_eq!(taken.len(), 5);
    let later = NOW.plus_ms(10_000);
    let (place, one) = taken.remove(0);
    books[place].close(&one);
    // A period in which it was needed has to end first.
    give_back(&mut books[place], &mut owner, later);
    let after = later.plus_ms(1_000);
    give_back(&mut books[place], &mut owner, after);
    let other = &mut books[(place + 1) % 3];
    assert!(
        open(other, &mut owner, &limit, after).is_some(),
        "what one gave back"
    );
    assert!(open(other, &mut owner, &limit, after).is_none());
}

#[test]
fn slots_of_a_dead_isolate_come_back() {
    let limit = charge(1, FailureMode::Closed);
    let mut owner = Slots::default();
    let mut dead = SlotBook::new(Holder::from_random(1));
    assert!(open(&mut dead, &mut owner, &limit, NOW).is_some());
    let mut alive = SlotBook::new(Holder::from_random(2));
    assert!(open(&mut alive, &mut owner, &limit, NOW.plus_ms(299_000)).is_none());
    assert!(open(&mut alive, &mut owner, &limit, NOW.plus_ms(300_000)).is_some());
    assert!(!owner.is_idle(NOW.plus_ms(300_000)));
}

#[test]
fn a_late_return_does_not_undo_a_later_loan() {
    let limit = charge(3, FailureMode::Closed);
    let mut owner = Slots::default();
    let mut book = SlotBook::new(Holder::from_random(1));
    let taken = open(&mut book, &mut owner, &limit, NOW).unwrap();
    book.close(&taken);
    assert_eq!(
        book.due(NOW.plus_ms(1_000)),
        Vec::new(),
        "it was needed in this second"
    );
    let late = book.due(NOW.plus_ms(2_000)).pop().unwrap();
    let now = NOW.plus_ms(2_100);
    assert!(open(&mut book, &mut owner, &limit, now).is_some());
    assert_eq!(
        owner.lend(&late.request, now).units,
        1,
        "it is under way again"
    );
}

#[test]
fn without_its_owner_the_policy_decides() {
    for (mode, admitted) in [
        (FailureMode::Closed, 0),
        (FailureMode::Local, 2),
        (FailureMode::Open, 20),
    ] {
        let limit = charge(20, mode);
        let mut book = SlotBook::new(Holder::from_random(1));
        let Slot::Missing(call) = book.look(&limit, NOW) else {
            unreachable!("nothing is held");
        };
        book.receive(&call, None, NOW, NOW);
        let mut free = 0;
        for _ in 0..50 {
            if book.look(&limit, NOW) == Slot::Free {
                book.take(&limit.key, NOW);
                free += 1;
            }
        }
        assert_eq!(free, admitted, "{mode:?}");
        assert!(
            matches!(book.look(&limit, NOW.plus_ms(1_000)), Slot::Missing(_))
                || mode == FailureMode::Open
        );
    }
}

#[test]
fn callers_at_the_same_moment_are_told_apart() {
    let limit = charge(10, FailureMode::Closed);
    let mut owner = Slots::default();
    let mut book = SlotBook::new(Holder::from_random(1));
    let calls: Vec<Slot> = (0..8).map(|_| book.look(&limit, NOW)).collect();
    for call in calls {
        let Slot::Missing(call) = call else {
            unreachable!("nothing is held");
        };
        let reply = owner.lend(&call.request, NOW);
        book.receive(&call, Some(reply), NOW, NOW);
    }
    let free = (0..8)
        .filter(|_| book.look(&limit, NOW) == Slot::Free && book.take(&limit.key, NOW).number > 0);
    assert_eq!(free.count(), 8, "the last asked for all of them");
}
