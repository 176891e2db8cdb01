using System.Runtime.InteropServices;
using System.Text;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Users;
using Bixbite.Configuration;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Platform;
using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Files;

/// <summary>
/// The file of all users (aclfile): a line <c>user name rule ...</c> for each. It is read as a whole or not at all, and written so that at
/// any time the old or the new one is there. Its owner alone may read it, unless somebody has given it another mode. What is left of a
/// process that was killed while it wrote is removed when the file is read or written again.
/// </summary>
public sealed class AclFile(AccessSettings settings, UserTable users, IDisk disk, ServerLog log)
{
    private const string NothingChanged = "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";

    /// <summary>There is such a file; then the configuration may not declare users.</summary>
    public bool IsUsed => settings.AclFile.IsSet;

    private string FilePath => settings.AclFile.Value;

    /// <summary>Makes the users of the file the users; null, or all that is wrong with it: then nothing has changed.</summary>
    public string? Load(Session? caller)
    {
        TemporaryFiles.RemoveLeftovers(disk, FilePath);
        if (WholeFile.Read(disk, FilePath, out byte[] content) is < 0 and int result)
        {
            return $"Error loading ACLs, opening file '{FilePath}': {TextOf(result)}";
        }
        var read = new Dictionary<byte[], UserRules>(BytesComparer.Instance);
        var errors = new StringBuilder();
        int number = 0;
        foreach (Range range in content.AsSpan().Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = content.AsSpan(range).Trim(" \t\r\n"u8);
            if (!line.IsEmpty)
            {
                ReadLine(line, number, read, errors);
            }
        }
        if (errors.Length > 0)
        {
            return errors.Append(NothingChanged).ToString();
        }
        users.Replace(read, caller);
        return null;
    }

    /// <summary>Writes all users; false if that failed: the log says why.</summary>
    public bool Save()
    {
        byte[] content = [.. users.All.SelectMany(static user => user.Line.Append((byte)'\n'))];
        int result = WholeFile.Replace(disk, FilePath, content, keepsMode: true);
        if (result < 0)
        {
            log.Write(LogLevel.Warning, $"The ACL file '{FilePath}' could not be saved: {TextOf(result)}");
        }
        return result >= 0;
    }

    private void ReadLine(ReadOnlySpan<byte> line, int number, Dictionary<byte[], UserRules> read, StringBuilder errors)
    {
        string place = $"{FilePath}:{number}";
        List<byte[]> words = [];
        foreach (Range range in line.Split((byte)' '))
        {
            words.Add(line[range].ToArray());
        }
        if (!words[0].AsSpan().SequenceEqual("user"u8) || words.Count < 2)
        {
            errors.Append(place).Append(" should start with user keyword followed by the username. ");
            return;
        }
        byte[] name = words[1];
        if (UserNames.HasBlank(name))
        {
            errors.Append('\'').Append(place).Append(": username '").Append(ByteText.Decode(name))
                .Append("' contains invalid characters. ");
            return;
        }
        UserRules rules = users.NewRules();
        if (!read.TryAdd(name, rules))
        {
            errors.Append("WARNING: Duplicate user '").Append(ByteText.Decode(name)).Append("' found on line ").Append(number).Append(". ");
            return;
        }
        if (!RuleWords.TryMerge(words[2..], out List<byte[]> given, out _))
        {
            errors.Append(place).Append(": Unmatched parenthesis in selector definition.");
            return;
        }
        Apply(rules, given, place, errors);
    }

    /// <summary>
    /// All commands that do not exist are told; of other problems the first, since it may be the cause of the others, and without the rule,
    /// which may be a password.
    /// </summary>
    private static void Apply(UserRules rules, List<byte[]> given, string place, StringBuilder errors)
    {
        bool isTold = false;
        foreach (byte[] word in given)
        {
            ReadOnlySpan<byte> rule = word.AsSpan().Trim("\t\r\n"u8);
            RuleProblem problem = rules.Apply(rule);
            if (problem == RuleProblem.UnknownCommand)
            {
                errors.Append(place).Append(": Error in applying operation '").Append(ByteText.Decode(rule)).Append("': ")
                    .Append(RuleProblems.TextOf(problem)).Append(". ");
            }
            else if (problem != RuleProblem.None && !isTold)
            {
                isTold = true;
                errors.Append(place).Append(": ").Append(RuleProblems.TextOf(problem)).Append(". ");
            }
        }
    }

    private static string TextOf(int result) => Marshal.GetPInvokeErrorMessage(-result);
}
