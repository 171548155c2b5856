//! authenticate and authorize: who calls, and may they?

use std::rc::Rc;

use access::{Caller, Grant, Refusal};
use credential::{
    ApiKey, Basic, Claims, Expectations, Presented, TokenUse, find, permits_address,
    permits_referrer,
};
use model::{
    ApiId, ApiKeyRecord, ApplicationId, ApplicationRecord, ClientCertificate, KeyType,
    OperationSecurity, Timestamp,
};
use problem::Problem;

use crate::{
    Facts, Login, Need, Person, Request, Trace, certificate,
    decision::Stop,
    locate::Located,
    possession::{self, Shown},
    refusal::unauthorized,
    socket,
    token::claims,
};

/// Who calls: the proof that authorization demands.
#[derive(Debug)]
pub(crate) struct Principal {
    kind: Kind,
    /// The user that counters and statistics name.
    pub(crate) user: User,
    pub(crate) application: Option<Rc<ApplicationRecord>>,
}

/// A user's name, where it stands.
#[derive(Clone, Debug)]
pub(crate) enum User {
    Anonymous,
    OfToken(Rc<Claims>),
    OfKey(Rc<ApiKeyRecord>),
    OfLogin(Rc<Person>),
    OfCertificate(Rc<ClientCertificate>),
}

impl User {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Anonymous => "anonymous",
            Self::OfToken(claims) => &claims.subject,
            Self::OfKey(record) => &record.user,
            Self::OfLogin(person) => &person.user,
            Self::OfCertificate(certificate) => &certificate.subject,
        }
    }

    /// The token's claims; nobody without a token has any.
    pub(crate) fn claims(&self) -> Option<&Claims> {
        match self {
            Self::OfToken(claims) => Some(claims),
            Self::Anonymous | Self::OfKey(_) | Self::OfLogin(_) | Self::OfCertificate(_) => None,
        }
    }

    /// The certificate that the user is known by, if nothing else.
    pub(crate) fn certificate(&self) -> Option<&ClientCertificate> {
        match self {
            Self::OfCertificate(certificate) => Some(certificate),
            Self::Anonymous | Self::OfKey(_) | Self::OfLogin(_) | Self::OfToken(_) => None,
        }
    }
}

#[derive(Debug)]
enum Kind {
    Anonymous,
    Trial(ApiId),
    Token {
        claims: Rc<Claims>,
        key_type: KeyType,
    },
    ApiKey(KeyType),
    Login(Rc<Person>),
    Certificate(Rc<ClientCertificate>),
}

/// The right to call, with the names that counters need.
#[derive(Debug)]
pub(crate) enum Granted<'a> {
    /// Open operation, or a user without an application; counted by client address.
    Open,
    /// The publisher's trial; not counted.
    Trial,
    /// Under a plan.
    Plan(&'a str),
}

impl Principal {
    /// Does a person call, rather than an application for itself?
    pub(crate) fn is_user(&self) -> bool {
        match &self.kind {
            Kind::Token { claims, .. } => claims.token_use == TokenUse::ApplicationUser,
            Kind::Login(_) | Kind::Trial(_) => true,
            Kind::Anonymous | Kind::ApiKey(_) | Kind::Certificate(_) => false,
        }
    }

    /// Kinds of endpoint that serve this caller, the best first. Only a caller without a key has a choice.
    pub(crate) fn key_types(&self) -> &'static [KeyType] {
        let key_type = match &self.kind {
            Kind::Anonymous | Kind::Trial(_) => return &[KeyType::Production, KeyType::Sandbox],
            Kind::Login(_) => KeyType::Production,
            Kind::Token { key_type, .. } | Kind::ApiKey(key_type) => *key_type,
            Kind::Certificate(certificate) => certificate.key_type,
        };
        match key_type {
            KeyType::Production => &[KeyType::Production],
            KeyType::Sandbox => &[KeyType::Sandbox],
        }
    }
}

/// authenticate: who calls?
pub(crate) fn caller(
    request: &Request<'_>,
    located: &Located,
    facts: &mut Facts,
    now: Timestamp,
    trace: &mut Trace,
) -> Result<Principal, Stop> {
    let security = &located.deployment.security;
    let open = located
        .operation()
        .is_some_and(|it| it.security == OperationSecurity::None);
    let shown = find(|name| request.header(name), request.query(), security);
    let shown = socket::shown(request, located, shown);
    let principal = match shown.first() {
        _ if open => Principal {
            kind: Kind::Anonymous,
            user: User::Anonymous,
            application: None,
        },
        // Opens its one API in any state and however it is guarded.
        Some(Presented::InternalKey(token)) => trial(token, located, facts, now)?,
        shown => match certificate::by_itself(request, security, now)? {
            Some(certificate) => Principal {
                kind: Kind::Certificate(Rc::clone(&certificate)),
                user: User::OfCertificate(certificate),
                application: None,
            },
            None => credential(shown, request, located, facts, now)?,
        },
    };
    trace.principal(
        &principal.user,
        principal.application.as_ref(),
        principal.key_types(),
    );
    Ok(principal)
}

/// Who shows this?
fn credential(
    shown: Option<Presented<'_>>,
    request: &Request<'_>,
    located: &Located,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Principal, Stop> {
    let with_proof = |token, is_bound| Shown {
        request,
        token,
        is_bound,
    };
    match shown {
        None => Err(unauthorized("900902", &located.deployment.security)),
        Some(Presented::Bearer(token)) => bearer(with_proof(token, false), located, facts, now),
        Some(Presented::Bound(token)) => bearer(with_proof(token, true), located, facts, now),
        Some(Presented::Basic(pair)) => login(pair, request, located, facts, now),
        Some(Presented::ApiKey(key)) => api_key(key, request, located, facts, now),
        Some(Presented::InternalKey(token)) => trial(token, located, facts, now),
    }
}

/// authorize: may they?
pub(crate) fn authorize<'a>(
    principal: &'a Principal,
    located: &Located,
    facts: &mut Facts,
    now: Timestamp,
    trace: &mut Trace,
) -> Result<Granted<'a>, Stop> {
    let Some(operation) = located.operation() else {
        return Err(Problem::new("500").into());
    };
    let caller = match &principal.kind {
        Kind::Anonymous => Caller::Anonymous,
        Kind::Trial(api) => Caller::Trial(api),
        Kind::Token { claims, key_type } => Caller::Application {
            key_type: *key_type,
            scopes: Some(&claims.scopes),
            for_user: Some(claims.token_use == TokenUse::ApplicationUser),
        },
        Kind::ApiKey(key_type) => Caller::Application {
            key_type: *key_type,
            scopes: None,
            for_user: None,
        },
        Kind::Login(person) => Caller::Person {
            scopes: &person.scopes,
        },
        Kind::Certificate(_) => Caller::Certified,
    };
    let application = principal.application.as_deref();
    match access::authorize(caller, application, &located.deployment, operation) {
        Ok(Grant::Open) => Ok(Granted::Open),
        Ok(Grant::Trial) => Ok(Granted::Trial),
        Ok(Grant::Subscribed(subscription)) => {
            trace.subscription(subscription);
            Ok(Granted::Plan(&subscription.plan))
        }
        Ok(Grant::Certified) => {
            let plan = principal.user.certificate().map(|it| it.plan.as_str());
            Ok(Granted::Plan(plan.unwrap_or(SUBSCRIPTIONLESS)))
        }
        Ok(Grant::Subscriptionless) => Ok(Granted::Plan(SUBSCRIPTIONLESS)),
        Err(refusal) => {
            if let (true, Some(application)) = (refusal.is_about_the_record(), application) {
                facts.recheck(Need::Application(application.id.clone()), now)?;
            }
            if matches!(refusal, Refusal::ApiBlocked | Refusal::NotPublished) {
                facts.recheck(Need::Catalog, now)?;
            }
            Err(refused(refusal, located))
        }
    }
}

fn bearer(
    shown: Shown<'_>,
    located: &Located,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Principal, Stop> {
    let claims = claims(shown.token, Expectations::ACCESS_TOKEN, located, facts, now)?;
    let security = &located.deployment.security;
    possession::check(&claims, shown, security, facts, now)?;
    let audiences = &security.audiences;
    if !audiences.is_empty() && !audiences.iter().any(|it| claims.audience.contains(it)) {
        return Err(Problem::new("900914").into());
    }
    let Some(client) = &claims.client else {
        return Err(unauthorized("900901", security));
    };
    let Some(record) = facts.client(client, now)? else {
        facts.recheck(Need::Client(client.clone()), now)?;
        return Err(Problem::new("900908").into());
    };
    let application = application(&record.application, located, facts, now)?;
    let user = User::OfToken(Rc::clone(&claims));
    let kind = Kind::Token {
        claims,
        key_type: record.key_type,
    };
    Ok(Principal {
        kind,
        user,
        application: Some(application),
    })
}

/// A user of ours, by name and password.
fn login(
    pair: &str,
    request: &Request<'_>,
    located: &Located,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Principal, Stop> {
    let invalid = || unauthorized("900901", &located.deployment.security);
    let login = Login {
        basic: Basic::parse(pair).ok_or_else(invalid)?,
        address: request.client_address.to_owned(),
        scopes: located.deployment.scopes(),
    };
    let person = facts.person(login, now)?.ok_or_else(invalid)?;
    Ok(Principal {
        kind: Kind::Login(Rc::clone(&person)),
        user: User::OfLogin(person),
        application: None,
    })
}

fn api_key(
    text: &str,
    request: &Request<'_>,
    located: &Located,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Principal, Stop> {
    let invalid = || unauthorized("900901", &located.deployment.security);
    let digest = ApiKey::parse(text).map_err(|_| invalid())?.digest();
    let record = facts.api_key(&digest, now)?.ok_or_else(invalid)?;
    let api = &located.deployment.api.id;
    if record.api.as_ref().is_some_and(|only| only != api) {
        return Err(invalid());
    }
    if record.expires_at.is_some_and(|moment| now >= moment) {
        return Err(unauthorized("900903", &located.deployment.security));
    }
    let referrer = request.header("referer");
    let address = Some(request.client_address);
    if !permits_address(&record.permitted_ips, address)
        || !permits_referrer(&record.permitted_referers, referrer)
    {
        return Err(Problem::new("900917").into());
    }
    let application = application(&record.application, located, facts, now)?;
    facts.note_use(&digest, now);
    let kind = Kind::ApiKey(record.key_type);
    Ok(Principal {
        kind,
        user: User::OfKey(record),
        application: Some(application),
    })
}

fn trial(
    token: &str,
    located: &Located,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Principal, Stop> {
    let claims = claims(token, Expectations::INTERNAL_KEY, located, facts, now)?;
    let Some(api) = &claims.api else {
        return Err(unauthorized("900901", &located.deployment.security));
    };
    let kind = Kind::Trial(ApiId::from(api.id.as_str()));
    Ok(Principal {
        kind,
        user: User::OfToken(claims),
        application: None,
    })
}

/// The caller's application, which has to be of the API's organization: nothing crosses between two of them.
fn application(
    id: &ApplicationId,
    located: &Located,
    facts: &mut Facts,
    now: Timestamp,
) -> Result<Rc<ApplicationRecord>, Stop> {
    if let Some(record) = facts.application(id, now)? {
        if record.organization == located.deployment.organization {
            return Ok(record);
        }
        return Err(Problem::new("900908").into());
    }
    facts.recheck(Need::Application(id.clone()), now)?;
    Err(Problem::new("900908").into())
}

fn refused(refusal: Refusal, located: &Located) -> Stop {
    match refusal {
        Refusal::ApiBlocked => Problem::new("700700").into(),
        Refusal::ApiRetired => Problem::new("404").into(),
        Refusal::NotPublished => Problem::new("900908")
            .detail("the API is not published yet; only its publisher's internal key opens it")
            .into(),
        Refusal::OtherApi => unauthorized("900901", &located.deployment.security),
        Refusal::WrongTokenUse => unauthorized("900905", &located.deployment.security),
        Refusal::ApplicationInactive | Refusal::SubscriptionInactive => {
            unauthorized("900909", &located.deployment.security)
        }
        Refusal::NotSubscribed => Problem::new("900908").into(),
        Refusal::SubscriptionBlocked => unauthorized("900907", &located.deployment.security),
        Refusal::ScopeMissing => Problem::new("900910").into(),
    }
}

/// WSO2's plan of an API that asks for no subscription.
const SUBSCRIPTIONLESS: &str = "DefaultSubscriptionless";
