//! WSDL 1.1 and 2.0: services and where they are. A document type declaration is refused, and with it every entity.

use roxmltree::{Document, Node, ParsingOptions};

use crate::{Fault, fault};

/// A description that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// `1.1` or `2.0`.
    pub version: &'static str,
    /// What to call it: of the first service, else of the description.
    pub name: String,
    /// Where its services are.
    pub endpoints: Vec<Endpoint>,
    /// The operations of its port types or interfaces, each once.
    pub operations: Vec<String>,
}

/// A port of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name.
    pub name: String,
    /// Its address.
    pub location: String,
}

/// Reads a description.
///
/// # Errors
/// Where it is not well formed, or what it lacks.
pub fn read(text: &str) -> Result<Description, Vec<Fault>> {
    let options = ParsingOptions {
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let document =
        Document::parse_with_options(text, options).map_err(|error| vec![told(&error)])?;
    let root = document.root_element();
    let version = match (root.tag_name().namespace(), root.tag_name().name()) {
        (Some(WSDL1), "definitions") => "1.1",
        (Some(WSDL2), "description") => "2.0",
        (_, other) => {
            let message = format!(
                "is no WSDL: its root is `{other}`, not `definitions` (1.1) or `description` (2.0)"
            );
            return Err(vec![fault("", message)]);
        }
    };
    let (endpoints, operations) = (endpoints(root), operations(root));
    let mut faults = Vec::new();
    if operations.is_empty() {
        faults.push(fault("", "describes no operation"));
    }
    if endpoints.is_empty() {
        faults.push(fault("", "names no address of a service"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let named = children(root, "service").find_map(|it| it.attribute("name"));
    let name = named
        .or_else(|| root.attribute("name"))
        .unwrap_or("Service");
    Ok(Description {
        version,
        name: name.to_owned(),
        endpoints,
        operations,
    })
}

fn endpoints(root: Node<'_, '_>) -> Vec<Endpoint> {
    let mut endpoints = Vec::new();
    for service in children(root, "service") {
        for port in children(service, "port").chain(children(service, "endpoint")) {
            let inner = port.children().find(|it| it.tag_name().name() == "address");
            let location = inner
                .and_then(|it| it.attribute("location"))
                .or_else(|| port.attribute("address"));
            let Some(location) = location else { continue };
            endpoints.push(Endpoint {
                name: port.attribute("name").unwrap_or_default().to_owned(),
                location: location.trim().to_owned(),
            });
        }
    }
    endpoints
}

fn operations(root: Node<'_, '_>) -> Vec<String> {
    let mut operations: Vec<String> = Vec::new();
    for kind in children(root, "portType").chain(children(root, "interface")) {
        for operation in children(kind, "operation") {
            let name = operation.attribute("name").unwrap_or_default();
            if !name.is_empty() && !operations.iter().any(|known| known == name) {
                operations.push(name.to_owned());
            }
        }
    }
    operations
}

fn children<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    let space = node.tag_name().namespace();
    node.children()
        .filter(move |it| it.tag_name().name() == name && it.tag_name().namespace() == space)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the reader's errors are many, and say themselves what they are"
)]
fn told(error: &roxmltree::Error) -> Fault {
    let at = error.pos();
    let message = match error {
        roxmltree::Error::DtdDetected => {
            "has a document type declaration, which may define entities and is not taken; leave `<!DOCTYPE` out".to_owned()
        }
        roxmltree::Error::UnknownEntityReference(name, _) => format!("refers to the entity `{name}`, which XML does not have"),
        roxmltree::Error::NodesLimitReached => format!("has more than {NODES} nodes"),
        other => format!("is not well-formed XML: {other}"),
    };
    fault(format!("line {}, column {}", at.row, at.col), message)
}

const WSDL1: &str = "http://schemas.xmlsoap.org/wsdl/";
const WSDL2: &str = "http://www.w3.org/ns/wsdl";
/// A node takes a hundred bytes; the largest descriptions in everyday use have 60,000.
const NODES: u32 = 500_000;

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: &str = r#"<wsdl:definitions name="Phone" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
        xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
        <wsdl:portType name="P"><wsdl:operation name="Check"/><wsdl:operation name="List"/></wsdl:portType>
        <wsdl:service name="PhoneService"><wsdl:port name="Soap" binding="B">
        <soap:address location="https://phone.example.org/soap"/></wsdl:port></wsdl:service></wsdl:definitions>"#;

    #[test]
    fn services_and_operations_are_read() {
        let found = read(PHONE).unwrap();
        assert_eq!(
            (found.version, found.name.as_str()),
            ("1.1", "PhoneService")
        );
        assert_eq!(found.operations, ["Check", "List"]);
        assert_eq!(
            found.endpoints[0].location,
            "https://phone.example.org/soap"
        );
        let two = r#"<description xmlns="http://www.w3.org/ns/wsdl"><interface name="I"><operation name="a"/></interface>
            <service name="S"><endpoint name="E" address="https://s.example.org"/></service></description>"#;
        let found = read(two).unwrap();
        assert_eq!(
            (found.version, found.endpoints[0].name.as_str()),
            ("2.0", "E")
        );
    }

    /// Reading a file or another address through an entity (XXE), and growing by entities.
    #[test]
    fn entities_are_refused() {
        for declared in [
            r#"<!ENTITY x SYSTEM "file:///etc/passwd">"#,
            r#"<!ENTITY a "aaaa"><!ENTITY x "&a;&a;">"#,
            r#"<!ENTITY % p SYSTEM "http://169.254.169.254/"> %p;"#,
        ] {
            let text = format!(
                "<!DOCTYPE d [{declared}]>{}",
                PHONE.replace("PhoneService", "&x;")
            );
            let fault = read(&text).unwrap_err().remove(0);
            assert!(
                fault.message.contains("document type declaration"),
                "{fault:?}"
            );
        }
        let fault = read(&PHONE.replace("PhoneService", "&x;"))
            .unwrap_err()
            .remove(0);
        assert!(fault.message.contains("entity `x`"), "{fault:?}");
    }

    #[test]
    fn other_documents_are_refused() {
        let message = |text: &str| read(text).unwrap_err().remove(0).message;
        assert!(message("<a/>").starts_with("is no WSDL: its root is `a`"));
        assert!(message("<a>").starts_with("is not well-formed XML"));
        assert!(message("").starts_with("is not well-formed XML"));
        assert!(
            read(&format!(
                "{}{}",
                "<a>".repeat(100_000),
                "</a>".repeat(100_000)
            ))
            .is_err()
        );
        let empty = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"/>"#;
        assert_eq!(message(empty), "describes no operation");
    }
}
