//! How much series tell apart. Beside the full ones there are coarser ones, which are added up when events come, so that
//! what dashboards ask most often reads few rows, however many combinations have occurred.

use serde::{Deserialize, Serialize};

use crate::{Dimension, Query, Series};

/// How much a series tells apart.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// Everything.
    #[default]
    Full,
    /// Statuses and faults.
    Whole,
    /// Countries, and the programs that called.
    Client,
    /// Applications, their plans and kinds of key.
    Application,
    /// APIs.
    Api,
}

impl Level {
    /// All but the full one, those with the fewest rows first.
    pub const COARSE: [Self; 4] = [Self::Whole, Self::Client, Self::Application, Self::Api];

    /// The level with the fewest rows that can answer a question.
    #[must_use]
    pub fn of(query: &Query) -> Self {
        let asked = query.group_by.iter().chain(query.filter.only.keys());
        let can_answer = |level: &Self| asked.clone().all(|it| level.tells(*it));
        Self::COARSE
            .into_iter()
            .find(can_answer)
            .unwrap_or(Self::Full)
    }

    /// As stored.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            Self::Full => 0,
            Self::Whole => 1,
            Self::Client => 2,
            Self::Application => 3,
            Self::Api => 4,
        }
    }

    /// What of a series is left.
    #[must_use]
    pub fn series(self, full: &Series) -> Series {
        let text = |dimension: Dimension, text: &String| {
            if self.tells(dimension) {
                text.clone()
            } else {
                String::new()
            }
        };
        Series {
            api: text(Dimension::Api, &full.api.0).into(),
            application: text(Dimension::Application, &full.application.0).into(),
            operation: text(Dimension::Operation, &full.operation),
            plan: text(Dimension::Plan, &full.plan),
            key_type: text(Dimension::KeyType, &full.key_type),
            environment: text(Dimension::Environment, &full.environment),
            status: if self.tells(Dimension::Status) {
                full.status
            } else {
                0
            },
            error: if self.tells(Dimension::Error) {
                full.error
            } else {
                0
            },
            country: text(Dimension::Country, &full.country),
            agent: text(Dimension::Agent, &full.agent),
            limit: text(Dimension::Limit, &full.limit),
        }
    }

    const fn tells(self, dimension: Dimension) -> bool {
        match dimension {
            Dimension::Status
            | Dimension::StatusClass
            | Dimension::Error
            | Dimension::ErrorType => matches!(self, Self::Full | Self::Whole),
            Dimension::Api => matches!(self, Self::Full | Self::Api),
            Dimension::Application | Dimension::Plan | Dimension::KeyType => {
                matches!(self, Self::Full | Self::Application)
            }
            Dimension::Country | Dimension::Agent => matches!(self, Self::Full | Self::Client),
            Dimension::Operation | Dimension::Environment | Dimension::Limit => {
                matches!(self, Self::Full)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;

    #[test]
    fn a_question_is_answered_by_the_fewest_rows() {
        for (group_by, filter, level) in [
            (vec![], vec![], Level::Whole),
            (
                vec![Dimension::Error],
                vec![Dimension::StatusClass],
                Level::Whole,
            ),
            (vec![Dimension::Country], vec![], Level::Client),
            (
                vec![Dimension::Plan],
                vec![Dimension::Application],
                Level::Application,
            ),
            (vec![Dimension::Api], vec![Dimension::Api], Level::Api),
            (vec![Dimension::Status], vec![Dimension::Api], Level::Full),
            (
                vec![Dimension::Application],
                vec![Dimension::Api],
                Level::Full,
            ),
            (vec![Dimension::Operation], vec![], Level::Full),
        ] {
            let mut query = Query::of("acme".into(), Timestamp(0), Timestamp(60_000));
            query.group_by = group_by;
            for dimension in filter {
                query.filter = query.filter.with(dimension, vec!["x".to_owned()]);
            }
            assert_eq!(Level::of(&query), level, "{query:?}");
        }
    }

    #[test]
    fn what_a_level_answers_by_is_left() {
        let full = Series {
            api: "pets".into(),
            application: "shop".into(),
            plan: "Gold".to_owned(),
            country: "CH".to_owned(),
            operation: "GET /pets".to_owned(),
            status: 404,
            ..Series::default()
        };
        for level in Level::COARSE {
            let coarse = level.series(&full);
            for dimension in Dimension::ALL {
                let kept = coarse.value(dimension) == full.value(dimension);
                assert!(kept || !level.tells(dimension), "{level:?} {dimension:?}");
            }
        }
        assert_eq!(Level::Full.series(&full), full);
        assert_eq!(Level::Whole.series(&full).api.0, "");
    }
}
