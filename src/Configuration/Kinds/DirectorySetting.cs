using Bixbite.Platform;

namespace Bixbite.Configuration.Kinds;

/// <summary>The process's working directory: setting it goes there, and reading asks the system.</summary>
public sealed class DirectorySetting(string name) : Setting(name)
{
    public string Value => Paths.WorkingDirectory;

    public override string Text => Value;

    public override string DefaultText => "";

    public override bool IsDefault => false;

    public override string Range => "an existing directory";

    protected override string FileText => TextSetting.Quote(Value);

    protected override bool IsPromise => false;

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return WrongCount;
        }
        int result = Paths.Enter(words[0]);
        return result < 0 ? Errno.Text(-result) : null;
    }

    internal override Action Remember() => Paths.RememberWorkingDirectory();
}
