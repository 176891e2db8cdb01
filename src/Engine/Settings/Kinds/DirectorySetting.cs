namespace Bixbite.Engine.Settings.Kinds;

/// <summary>The process's working directory: setting it goes there, and reading asks the system.</summary>
public sealed class DirectorySetting(string name) : Setting(name)
{
    public string Value => Environment.CurrentDirectory;

    public override string Text => Value;

    public override string DefaultText => "";

    public override bool IsDefault => false;

    public override string Range => "an existing directory";

    protected override string FileText => TextSetting.Quote(Value);

    protected override bool IsPromise => false;

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 1)
            return WrongCount;
        try
        {
            Environment.CurrentDirectory = words[0];
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return failure is UnauthorizedAccessException ? "Permission denied" : "No such file or directory";
        }
    }

    internal override Action Remember()
    {
        string directory = Value;
        return () => Environment.CurrentDirectory = directory;
    }
}
