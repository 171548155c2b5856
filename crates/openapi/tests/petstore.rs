//! The public Petstore in its three versions: what an import makes of it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what must hold by panicking, and may look at the clock; its helpers are not under `cfg(test)`"
)]

use openapi::{Definition, Format, read};

const SWAGGER_2: &str = include_str!("fixtures/petstore-2.0.json");
const OPENAPI_30: &str = include_str!("fixtures/petstore-3.0.yaml");
const OPENAPI_31: &str = include_str!("fixtures/petstore-3.1.yaml");

/// What the 3.0 and 3.1 versions have; 2.0 has one more.
const OPERATIONS: [&str; 19] = [
    "addPet POST /pet write:pets read:pets",
    "updatePet PUT /pet write:pets read:pets",
    "findPetsByStatus GET /pet/findByStatus write:pets read:pets",
    "findPetsByTags GET /pet/findByTags write:pets read:pets",
    "getPetById GET /pet/{petId} write:pets read:pets",
    "updatePetWithForm POST /pet/{petId} write:pets read:pets",
    "deletePet DELETE /pet/{petId} write:pets read:pets",
    "uploadFile POST /pet/{petId}/uploadImage write:pets read:pets",
    "getInventory GET /store/inventory",
    "placeOrder POST /store/order",
    "getOrderById GET /store/order/{orderId}",
    "deleteOrder DELETE /store/order/{orderId}",
    "createUser POST /user",
    "createUsersWithListInput POST /user/createWithList",
    "loginUser GET /user/login",
    "logoutUser GET /user/logout",
    "getUserByName GET /user/{username}",
    "updateUser PUT /user/{username}",
    "deleteUser DELETE /user/{username}",
];

#[test]
fn swagger_2_petstore_is_read_whole() {
    let definition = read(SWAGGER_2).unwrap();
    assert_eq!(definition.format, Format::Swagger2);
    assert_eq!(definition.version, "1.0.7");
    assert_eq!(definition.context, "/swagger-petstore");
    assert_eq!(
        definition.servers,
        [
            "https://petstore.swagger.io/v2",
            "http://petstore.swagger.io/v2"
        ]
    );
    let mut lines = lines(&definition);
    let one_more = lines.remove(13);
    assert_eq!(
        one_more,
        "createUsersWithArrayInput POST /user/createWithArray"
    );
    // In 2.0 one pet is shown for the key alone.
    assert_eq!(lines[4], "getPetById GET /pet/{petId}");
    lines[4] = OPERATIONS[4].to_owned();
    assert_eq!(lines, OPERATIONS);
    assert_same_surroundings(&definition);
}

#[test]
fn openapi_3_0_petstore_is_read_whole() {
    let definition = read(OPENAPI_30).unwrap();
    assert_eq!(definition.format, Format::OpenApi30);
    assert_eq!(definition.format_version, "3.0.4");
    assert_eq!(definition.servers, ["https://petstore3.swagger.io/api/v3"]);
    assert_eq!(lines(&definition), OPERATIONS);
    assert_same_surroundings(&definition);
}

#[test]
fn openapi_3_1_petstore_is_read_whole() {
    let definition = read(OPENAPI_31).unwrap();
    assert_eq!(definition.format, Format::OpenApi31);
    assert_eq!(definition.title, "Swagger Petstore - OpenAPI 3.1");
    assert_eq!(definition.servers, ["https://petstore3.swagger.io/api/v31"]);
    assert_eq!(lines(&definition), OPERATIONS);
    assert_same_surroundings(&definition);
}

fn assert_same_surroundings(definition: &Definition) {
    assert!(definition.warnings.is_empty(), "{:?}", definition.warnings);
    let scopes: Vec<_> = definition
        .scopes
        .iter()
        .map(|scope| scope.name.as_str())
        .collect();
    assert_eq!(scopes, ["write:pets", "read:pets"]);
    let mut schemes: Vec<_> = definition
        .security_schemes
        .iter()
        .map(|scheme| (scheme.name.as_str(), scheme.kind.as_str()))
        .collect();
    schemes.sort_unstable();
    assert_eq!(
        schemes,
        [("api_key", "apiKey"), ("petstore_auth", "oauth2")]
    );
}

fn lines(definition: &Definition) -> Vec<String> {
    let operations = definition.operations.iter();
    operations
        .map(|one| {
            let id = one.operation_id.as_deref().unwrap_or_default();
            let line = format!(
                "{id} {} {} {}",
                one.method,
                one.template,
                one.scopes.join(" ")
            );
            line.trim_end().to_owned()
        })
        .collect()
}
