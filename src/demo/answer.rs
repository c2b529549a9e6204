//! Answers as the service writes them: JSON, or XML where JSON was not asked for.

use serde_json::{Value, json};

use super::fault::Fault;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `Format=JSON`, and every ACS3 request.
    Json,
    /// The RPC default.
    Xml,
}

/// A result: the operation's fields and the RequestId.
pub(crate) fn result(action: &str, mut fields: Value, request_id: &str, form: Form) -> String {
    fields["RequestId"] = json!(request_id);
    write(&format!("{action}Response"), &fields, form)
}

/// An error.
pub(crate) fn fault(fault: &Fault, host: &str, request_id: &str, form: Form) -> String {
    let fields = json!({
        "RequestId": request_id, "HostId": host, "Code": fault.code, "Message": fault.message,
        "Recommend": format!("https://api.aliyun.com/troubleshoot?q={}&product=Ecs", fault.code),
    });
    write("Error", &fields, form)
}

fn write(root: &str, fields: &Value, form: Form) -> String {
    match form {
        Form::Json => fields.to_string(),
        Form::Xml => {
            let mut xml = String::from("<?xml version='1.0' encoding='UTF-8'?>");
            element(root, fields, &mut xml);
            xml
        }
    }
}

/// An array becomes its element's repetition, as in the vendor's samples.
fn element(name: &str, value: &Value, xml: &mut String) {
    if let Value::Array(items) = value {
        return items.iter().for_each(|item| element(name, item, xml));
    }
    xml.push_str(&format!("<{name}>"));
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| element(name, value, xml)),
        Value::String(text) => xml.push_str(&escape(text)),
        other => xml.push_str(&other.to_string()),
    }
    xml.push_str(&format!("</{name}>"));
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_has_the_vendors_shape() {
        let fields = json!({ "Regions": { "Region": [{ "RegionId": "a&b" }, { "RegionId": "c" }] } });
        assert_eq!(
            result("DescribeRegions", fields, "R", Form::Xml),
            "<?xml version='1.0' encoding='UTF-8'?><DescribeRegionsResponse><Regions><Region><RegionId>a&amp;b</RegionId>\
             </Region><Region><RegionId>c</RegionId></Region></Regions><RequestId>R</RequestId></DescribeRegionsResponse>"
        );
    }
}
