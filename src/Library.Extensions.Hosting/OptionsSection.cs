using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Bixbite;

/// <summary>
/// A section of an application's configuration that has a server's options. Read by hand: settings have names of their own, every mistake
/// is told with its place, and nothing is reflected upon.
/// </summary>
/// <param name="section">The section.</param>
/// <param name="name">The name of the options, for who reads the exception.</param>
internal sealed class OptionsSection(IConfiguration section, string name)
{
    private const string DataDirectory = nameof(BixbiteOptions.DataDirectory);
    private const string MaxMemory = nameof(BixbiteOptions.MaxMemory);
    private const string Password = nameof(BixbiteOptions.Password);
    private const string Listen = nameof(BixbiteOptions.Listen);
    private const string ConfigurationFile = "ConfigurationFile";
    private const string Settings = "Settings";

    /// <summary>The file comes first, so that the section may differ from it.</summary>
    private static readonly string[] s_known = [ConfigurationFile, DataDirectory, MaxMemory, Password, Listen, Settings];

    private readonly List<string> _mistakes = [];

    /// <summary>Sets what the section says.</summary>
    /// <exception cref="OptionsValidationException">Some of it is wrong: all of that is told, in sentences.</exception>
    public void ApplyTo(BixbiteOptions options, string? contentRoot)
    {
        IConfigurationSection[] given = [.. section.GetChildren()];
        foreach (string key in s_known)
        {
            if (given.FirstOrDefault(item => item.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } item)
            {
                Apply(key, item, options, contentRoot);
            }
        }
        foreach (IConfigurationSection item in given.Where(static item => !s_known.Contains(item.Key, StringComparer.OrdinalIgnoreCase)))
        {
            _mistakes.Add($"The configuration has '{item.Path}', which is no option: it may have {string.Join(", ", s_known)}.");
        }
        if (_mistakes.Count > 0)
        {
            throw new OptionsValidationException(name, typeof(BixbiteOptions), _mistakes);
        }
    }

    private void Apply(string key, IConfigurationSection item, BixbiteOptions options, string? contentRoot)
    {
        switch (key)
        {
            case ConfigurationFile:
                ForValue(item, path => options.LoadFile(contentRoot is null ? path : Path.Combine(contentRoot, path)));
                break;
            case DataDirectory:
                ForValue(item, path => options.DataDirectory = path.Length == 0 ? null : path);
                break;
            case MaxMemory:
                ForValue(item, size => options.Set("maxmemory", size));
                break;
            case Password:
                ForValue(item, password => options.Password = password);
                break;
            case Listen:
                ForEachValue(item, address => ListenAt(address, options));
                break;
            default:
                foreach (IConfigurationSection setting in item.GetChildren())
                {
                    ForEachValue(setting, value => options.Set(setting.Key, value));
                }
                break;
        }
    }

    /// <summary>A value, or the values of a list.</summary>
    private void ForEachValue(IConfigurationSection item, Action<string> apply)
    {
        IConfigurationSection[] values = item.Value is null ? [.. item.GetChildren()] : [item];
        foreach (IConfigurationSection value in values)
        {
            ForValue(value, apply);
        }
    }

    private void ForValue(IConfigurationSection item, Action<string> apply)
    {
        try
        {
            apply(item.Value ?? throw new ArgumentException("it has parts of its own, and should be one value"));
        }
        catch (ArgumentException failure)
        {
            _mistakes.Add($"The configuration '{item.Path}' is wrong: {Sentence(failure)}");
        }
    }

    private static void ListenAt(string address, BixbiteOptions options)
    {
        int colon = address.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(address.AsSpan(colon + 1), out ushort port))
        {
            throw new ArgumentException($"'{address}' is no address such as 127.0.0.1:6379, [::1]:6379 or *:6379");
        }
        options.Listen(address[..colon].Trim('[', ']'), port);
    }

    /// <summary>The message, without the name of a parameter, which says nothing to who writes a configuration.</summary>
    private static string Sentence(ArgumentException failure)
    {
        string text = failure.Message;
        int end = failure.ParamName is null ? -1 : text.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.') + ".";
    }
}
