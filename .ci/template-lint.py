"""Turns a SAM template into the CloudFormation that a deployment would make of it, without an AWS account.

Usage: template-lint.py TEMPLATE OUTPUT

The linter finds more in that than in the SAM template: a `!Ref` or `!GetAtt` to something that isn't there, inside a
policy for instance, or a property that the resource behind an event needs.

It also changes each parameter alone and compares what SAM makes of that. A function that gets another configuration has to get
another version, or the parameter would have no effect. A function that doesn't may not: Lambda publishes nothing twice, so the
deployment would fail.
"""

import copy
import json
import logging
import os
import sys

# The translator looks up the partition of its region; any region will do.
os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-1")

# It warns of its own metrics, once for each translation.
logging.disable(logging.WARNING)

from samtranslator.intrinsics.resolver import IntrinsicsResolver
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class NoManagedPolicies:
    """Managed policies by name would need a look-up in an account; the template writes its own statements."""

    def load(self):
        return {}


FUNCTION = "AWS::Lambda::Function"
# What belongs to a function and to none of its versions.
UNVERSIONED = ["ReservedConcurrentExecutions", "Tags"]
# Another processor needs other code, which makes another version by itself.
WITH_CODE = ["Architecture"]


def values(template):
    """Returns each parameter's default, as CloudFormation has it."""
    return {name: str(parameter.get("Default", "")) for name, parameter in template["Parameters"].items()}


def other(parameter):
    """Returns another value of a parameter than its default. It need not match the pattern, which nothing here checks."""
    choices = [str(value) for value in parameter.get("AllowedValues", [])]
    return next((value for value in choices if value != str(parameter.get("Default", ""))), "another")


def versions(template, parameters):
    """Returns for each function the logical ID of its version, and what a version has of its configuration."""
    # Copies values that YAML anchors share, as packaging does.
    template = json.loads(json.dumps(template, default=str))
    # Nothing else makes a difference, and it takes a minute.
    functions = {name: one for name, one in template["Resources"].items() if one["Type"] == "AWS::Serverless::Function"}
    for function in functions.values():
        function["Properties"].pop("Events", None)
    template["Resources"] = functions
    # AWS::LanguageExtensions puts values in place in this section, and not in Globals.
    template["Resources"] = IntrinsicsResolver(parameters).resolve_parameter_refs(template["Resources"])
    resources = transform(template, parameters, NoManagedPolicies())["Resources"]
    resolved = IntrinsicsResolver(parameters).resolve_parameter_refs(copy.deepcopy(resources))
    found = {}
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Lambda::Version":
            function = resource["Properties"]["FunctionName"]["Ref"]
            properties = resolved[function]["Properties"]
            found[function] = (name, {key: value for key, value in properties.items() if key not in UNVERSIONED})
    return found


def unpublished(template):
    """Says of which functions a parameter alone changes the configuration or the version, but not both."""
    defaults = values(template)
    before = versions(template, defaults)
    for name, parameter in template["Parameters"].items():
        if name in WITH_CODE:
            continue
        after = versions(template, {**defaults, name: other(parameter)})
        for function, (version, configuration) in before.items():
            is_published = after[function][0] != version
            is_changed = after[function][1] != configuration
            if is_changed and not is_published:
                yield f"{name} alone changes {function} and publishes no version of it"
            if is_published and not is_changed:
                yield f"{name} alone publishes a version of {function}, in which nothing has changed"


def main(source, target):
    with open(source, encoding="utf-8") as file:
        template = yaml_parse(file)
    for resource in template["Resources"].values():
        if resource.get("Type") == "AWS::Serverless::Function":
            # Packaging would replace this with the address of the uploaded archive.
            resource["Properties"]["CodeUri"] = "s3://placeholder/function.zip"
    try:
        # SAM changes the template that it is given.
        faults = list(unpublished(template))
        cloudformation = transform(template, {}, NoManagedPolicies())
    except InvalidDocumentException as error:
        for cause in error.causes:
            print(f"{source}: {cause.message}", file=sys.stderr)
        return 1
    for fault in faults:
        print(f"{source}: {fault}", file=sys.stderr)
    if faults:
        return 1
    with open(target, "w", encoding="utf-8") as file:
        json.dump(cloudformation, file, indent=2, default=str)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
