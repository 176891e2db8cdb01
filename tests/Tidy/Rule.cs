using Xunit;

namespace Bixbite.Tidy;

/// <summary>Something that breaks a rule: a file, or a file and a member of it ("src/A/B.cs B.Run"), and what is wrong there.</summary>
internal sealed record Violation(string Subject, string Detail);

/// <summary>
/// Judges what a rule found, less what <see cref="Exemptions"/> allows; an exemption that nothing needs any more fails too.
/// </summary>
internal static class Rule
{
    public static void Check(string name, IEnumerable<Violation> found)
    {
        Violation[] violations = [.. found];
        Exemption[] exemptions = [.. Exemptions.All.Where(exemption => exemption.Rule == name)];
        string[] broken =
        [
            .. violations.Where(violation => !exemptions.Any(exemption => exemption.Subject == violation.Subject))
                .Select(violation => $"{violation.Subject}: {violation.Detail}"),
            .. exemptions.Where(exemption => !violations.Any(violation => violation.Subject == exemption.Subject))
                .Select(exemption => $"{exemption.Subject}: does not need its exemption from {name} any more; take it out of the list"),
        ];
        Assert.True(broken.Length == 0, $"{name}\n{string.Join('\n', broken)}");
    }
}
