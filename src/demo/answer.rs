//! Answers in the form of the service: JSON if the request asks for it, else XML.

use serde_json::{Value, json};

use super::fault::Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For `Format=JSON`, and for every ACS3 request.
    Json,
    /// The default of RPC requests.
    Xml,
}

/// Writes the fields of an operation and the RequestId.
pub(crate) fn result(action: &str, mut fields: Value, request_id: &str, format: Format) -> String {
    fields["RequestId"] = json!(request_id);
    write(&format!("{action}Response"), &fields, format)
}

/// Writes an error. `host` is for the field HostId.
pub(crate) fn fault(fault: &Fault, host: &str, request_id: &str, format: Format) -> String {
    let fields = json!({
        "RequestId": request_id, "HostId": host, "Code": fault.code, "Message": fault.message,
        "Recommend": format!("https://api.aliyun.com/troubleshoot?q={}&product=Ecs", fault.code),
    });
    write("Error", &fields, format)
}

fn write(root: &str, fields: &Value, format: Format) -> String {
    match format {
        Format::Json => fields.to_string(),
        Format::Xml => {
            let mut xml = String::from("<?xml version='1.0' encoding='UTF-8'?>");
            write_element(root, fields, &mut xml);
            xml
        }
    }
}

/// Writes an element. An array becomes one element for each item, as in the vendor's samples.
fn write_element(name: &str, value: &Value, xml: &mut String) {
    if let Value::Array(items) = value {
        return items.iter().for_each(|item| write_element(name, item, xml));
    }
    xml.push_str(&format!("<{name}>"));
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| write_element(name, value, xml)),
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
            result("DescribeRegions", fields, "R", Format::Xml),
            "<?xml version='1.0' encoding='UTF-8'?><DescribeRegionsResponse><Regions><Region><RegionId>a&amp;b</RegionId>\
             </Region><Region><RegionId>c</RegionId></Region></Regions><RequestId>R</RequestId></DescribeRegionsResponse>"
        );
    }
}
