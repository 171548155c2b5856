use super::*;

const SECOND: &str = "FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 min) \n\
    SELECT throttleKey, (count(userId) >= 5) as isThrottled, expiryTimeStamp group by throttleKey \n\
    INSERT ALL EVENTS into ResultStream;";

fn first(eligible: &str, key: &str) -> String {
    format!(
        "FROM RequestStream\nSELECT userId, ( {eligible} ) AS isEligible , {key} as throttleKey\n\
         INSERT INTO EligibilityStream; \n\n{SECOND}"
    )
}

#[test]
fn samples_of_wso2_are_understood() {
    let check = |eligible: &str, key: &str, expected: &str| {
        let found = read(&first(eligible, key)).unwrap();
        assert_eq!(found.condition.as_deref(), Some(expected), "{eligible}");
        let quantity = found.limit.request_count.unwrap();
        assert_eq!(
            (
                quantity.request_count,
                quantity.unit_time,
                quantity.time_unit.as_deref()
            ),
            (Some(5), Some(1), Some("min"))
        );
        expression::Expression::read(expected).unwrap();
    };
    check(
        "userId == 'admin@carbon.super'",
        "str:concat('admin@carbon.super','')",
        "user == 'admin'",
    );
    check(
        "userId == 'admin@carbon.super'  and apiKey == '/pizzashack/1.0.0:1.0.0'",
        "str:concat('admin@carbon.super',':','/pizzashack/1.0.0:1.0.0')",
        "(user == 'admin' && (api.context + ':' + api.version) == '/pizzashack/1.0.0:1.0.0')",
    );
    check(
        "appTenant == 'carbon.super' or not(apiName == \"It's\")",
        "userId",
        "(api.organization == 'default' || !(api.name == 'It\\'s'))",
    );
    check(
        "3232235778 == cast(map:get(propertiesMap,'ip'),'Long')",
        "appId",
        "request.address == '192.168.1.2'",
    );
    check(
        "regex:matches('/pets/.*', resourceKey) and subscriptionTier != 'Gold'",
        "appId",
        "((api.context + operation.template + ':' + operation.method).matches('^(?:/pets/.*)$') && subscription.plan != 'Gold')",
    );
    let every = read(&first("true", "userId")).unwrap();
    assert_eq!(every.condition, None);
}

#[test]
fn what_is_not_understood_is_named() {
    let check = |query: &str, part: &str| {
        let fault = read(query).unwrap_err();
        assert_eq!(fault.place, "siddhiQuery");
        assert!(fault.message.contains(part), "{query}: {}", fault.message);
    };
    check("DEFINE STREAM x", "`DEFINE STREAM x` is not understood");
    check(
        &first("propertyX == 1", "userId"),
        "there is no attribute `propertyX`",
    );
    check(
        &first("time:currentDay() == 1", "userId"),
        "there is no function `time:currentday`",
    );
    let good = first("userId == 'a'", "userId");
    check(&good.replace("1 min", "1 sec"), "windows are of minutes");
    check(
        &good.replace("timeBatch", "window"),
        "`throttler:window(1 min)",
    );
    check(&good.replace("count(", "sum("), "`sum(userId)");
    check(&good.replace("ResultStream", "Other"), "`Other;`");
    check(&format!("{good} {SECOND}"), "there are two statements");
    check(
        &good.replace("as throttleKey", "as other"),
        "only attributes",
    );
    check(&"(".repeat(3_000), "is not understood");
    check(&"x".repeat(5_000), "longer than");
    check("FROM RequestStream SELECT 'open", "it is no word");
    let deep = first(
        &format!("{}true{}", "(".repeat(100), ")".repeat(100)),
        "userId",
    );
    check(&deep, "nested too deeply");
}

#[test]
fn more_than_is_one_more() {
    let query = first("true", "userId").replace(">= 5", "> 5");
    let limit = read(&query).unwrap().limit.request_count.unwrap();
    assert_eq!(limit.request_count, Some(6));
}
