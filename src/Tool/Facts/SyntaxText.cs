using System.Text;
using Bixbite.Engine.Commands;

namespace Bixbite.Tool.Facts;

/// <summary>The arguments of a command as manuals write them: <c>key value [NX | XX] [EX seconds]</c>.</summary>
internal static class SyntaxText
{
    public static string Of(IEnumerable<SyntaxArgument> arguments) => string.Join(' ', arguments.Select(Of));

    public static string Of(SyntaxArgument argument)
    {
        string value = argument.Type switch
        {
            SyntaxType.PureToken => "",
            SyntaxType.OneOf => string.Join(" | ", argument.Arguments.Select(Of)),
            SyntaxType.Block => Of(argument.Arguments),
            _ => argument.Name,
        };
        // One of several needs something around it where nothing else says where it ends.
        if (argument.Type == SyntaxType.OneOf && (!argument.IsOptional || argument.Token is not null))
        {
            value = $"<{value}>";
        }
        StringBuilder text = new();
        text.AppendJoin(' ', new[] { argument.Token ?? "", value }.Where(part => part.Length > 0));
        if (argument.IsMultiple)
        {
            text.Append(argument.IsTokenMultiple ? $" [{text} ...]" : $" [{value} ...]");
        }
        return argument.IsOptional ? $"[{text}]" : text.ToString();
    }
}
