using System.Text;
using Bixbite.Configuration;

namespace Bixbite.Unit.Configuration;

/// <summary>docs/SETTINGS.md from the table of settings.</summary>
internal static class SettingsPage
{
    private const string Head =
        """
        # Settings

        Every directive of `redis.conf` that Bixbite knows. They stand in a file, on the command line (`--name value`) or, where the column
        *set* says yes, in `CONFIG SET`. This page is generated: `BIXBITE_REWRITE=1 dotnet test --project tests/Unit` writes it anew.

        | effect | meaning |
        | --- | --- |
        | works | does what it says |
        | no meaning | accepted so that existing files load; this server has nothing that it would change |
        | later | accepted and stored for a feature that a later version brings |
        | not yet | switches on a feature that a later version brings; until then every other value is refused |

        """;

    public static string Write(SettingsTable table)
    {
        StringBuilder text = new(Head);
        foreach (IGrouping<string, Setting> group in table.All.GroupBy(setting => setting.Group))
        {
            text.Append($"\n## {group.Key}\n\n| name | default | set | effect | accepts | description |\n");
            text.Append("| --- | --- | --- | --- | --- | --- |\n");
            foreach (Setting setting in group)
            {
                text.Append(Row(setting)).Append('\n');
            }
        }
        return text.ToString();
    }

    private static string Row(Setting setting)
    {
        string name = setting.Alias is null ? $"`{setting.Name}`" : $"`{setting.Name}` (`{setting.Alias}`)";
        string standard = setting.DefaultText.Length == 0 ? "" : $"`{setting.DefaultText}`";
        string change = !setting.IsMutable ? "no" : setting.Has(SettingFlags.Protected) ? "protected" : "yes";
        return $"| {name} | {standard} | {change} | {EffectOf(setting)} | {setting.Range} | {setting.Description} |";
    }

    private static string EffectOf(Setting setting) => setting.Effect switch
    {
        SettingEffect.Works => "works",
        SettingEffect.NoMeaning => "no meaning",
        SettingEffect.ArrivesLater => "later",
        _ => "not yet",
    };
}
