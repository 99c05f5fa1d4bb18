"""Turns a SAM template into the CloudFormation that a deployment would make of it, without an AWS account.

Usage: template-lint.py TEMPLATE OUTPUT

The linter finds more in that than in the SAM template: a `!Ref` or `!GetAtt` to something that isn't there, inside a
policy for instance, or a property that the resource behind an event needs.
"""

import json
import os
import sys

# The translator looks up the partition of its region; any region will do.
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """Managed policies by name would need a look-up in an account; the template writes its own statements."""

    def load(self):
        return {}


def main(source, target):
    with open(source, encoding="utf-8") as file:
        template = yaml_parse(file)
    for resource in template["Resources"].values():
        if resource.get("Type") == "AWS::Serverless::Function":
            # Packaging would replace this with the address of the uploaded archive.
            resource["Properties"]["CodeUri"] = "s3://placeholder/function.zip"
    try:
        cloudformation = transform(template, {}, NoManagedPolicies())
    except InvalidDocumentException as error:
        for cause in error.causes:
            print(f"{source}: {cause.message}", file=sys.stderr)
        return 1
    with open(target, "w", encoding="utf-8") as file:
        json.dump(cloudformation, file, indent=2, default=str)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
