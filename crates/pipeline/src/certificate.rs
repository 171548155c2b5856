//! Does the caller come with a certificate that the API takes, and is that enough?

use std::rc::Rc;

use credential::certificate_thumbprint;
use model::{ClientCertificate, Security, Timestamp};

use crate::{Request, decision::Stop, possession::CERTIFICATE, refusal::unauthorized};

/// The certificate by which the caller is known, where that is enough; `None` where somebody else's word is needed, or
/// taken.
///
/// # Errors
/// 401 where a certificate is mandatory, and there is none, or none that the API takes.
pub(crate) fn by_itself(
    request: &Request<'_>,
    security: &Security,
    now: Timestamp,
) -> Result<Option<Rc<ClientCertificate>>, Stop> {
    let Some(rules) = &security.certificates else {
        return Ok(None);
    };
    let told = request.header(CERTIFICATE);
    let thumbprint = told.and_then(certificate_thumbprint);
    let found = thumbprint.and_then(|thumbprint| {
        let mut accepted = rules.accepted.iter();
        accepted.find(|it| it.thumbprint == thumbprint && it.is_good_at(now))
    });
    match found {
        Some(_) if rules.with_other => Ok(None),
        Some(found) => Ok(Some(Rc::new(found.clone()))),
        None if rules.mandatory && told.is_some() => Err(unauthorized("900901", security)),
        None if rules.mandatory => Err(unauthorized("900902", security)),
        None => Ok(None),
    }
}
