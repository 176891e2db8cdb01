using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.AccessControl.Rules;

/// <summary>A request that selectors decide on, with its keys, which are found once for all of them.</summary>
/// <param name="command">The command that it begins with, or the subcommand.</param>
/// <param name="needs">What the command needs.</param>
/// <param name="arguments">All of them, the command's name first.</param>
/// <param name="database">The database of its client; negative where it is not known yet.</param>
/// <param name="found">A list to be used for the keys.</param>
internal ref struct AccessRequest(
    Command command, CommandNeeds needs, ReadOnlySpan<Argument> arguments, int database, List<KeyPosition> found)
{
    private bool _isSearched;

    public readonly Command Command => command;

    public readonly CommandNeeds Needs => needs;

    public ReadOnlySpan<Argument> Arguments { get; } = arguments;

    public readonly int Database => database;

    /// <summary>The keys; none where the arguments do not fit: then the command answers an error.</summary>
    public List<KeyPosition> Keys()
    {
        if (!_isSearched)
        {
            _isSearched = true;
            command.Keys.Find(Arguments, found);
        }
        return found;
    }
}
