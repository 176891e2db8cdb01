using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Debugging;

/// <summary>DEBUG PROTOCOL: a sample of each kind of reply, for the tests of clients.</summary>
internal static class DebugProtocol
{
    public static void Answer(CommandContext context)
    {
        Span<byte> name = stackalloc byte[16];
        ReadOnlySpan<byte> argument = context[2];
        int length = Math.Min(argument.Length, name.Length);
        Ascii.ToLower(argument[..length], name);
        ReplyWriter reply = context.Reply;
        switch (System.Text.Encoding.ASCII.GetString(name[..length]))
        {
            case "string":
                reply.Bulk("Hello World"u8);
                break;
            case "integer":
                reply.Integer(12345);
                break;
            case "double":
                reply.Double(3.141);
                break;
            case "bignum":
                reply.BigNumber("1234567999999999999999999999999999999"u8);
                break;
            case "null":
                reply.Null();
                break;
            case "array":
                reply.Array(3);
                AnswerNumbers(reply);
                break;
            case "set":
                reply.Set(3);
                AnswerNumbers(reply);
                break;
            case "map":
                AnswerMap(reply);
                break;
            case "attrib":
                AnswerAttribute(reply);
                break;
            case "push":
                AnswerPush(reply);
                break;
            case "verbatim":
                reply.Verbatim("This is a verbatim\nstring"u8, "txt"u8);
                break;
            case "true":
                reply.Boolean(true);
                break;
            case "false":
                reply.Boolean(false);
                break;
            default:
                reply.Error(ErrorText.ProtocolTypeName);
                break;
        }
    }

    private static void AnswerNumbers(ReplyWriter reply)
    {
        for (int i = 0; i < 3; i++)
        {
            reply.Integer(i);
        }
    }

    private static void AnswerMap(ReplyWriter reply)
    {
        reply.Map(3);
        for (int i = 0; i < 3; i++)
        {
            reply.Integer(i);
            reply.Boolean(i == 1);
        }
    }

    /// <summary>RESP2 has no attributes; a reply follows in either case.</summary>
    private static void AnswerAttribute(ReplyWriter reply)
    {
        if (reply.Version == 3)
        {
            reply.Attribute(1);
            reply.Bulk("key-popularity"u8);
            reply.Array(2);
            reply.Bulk("key:123"u8);
            reply.Integer(90);
        }
        reply.Bulk("Some real reply following the attribute"u8);
    }

    private static void AnswerPush(ReplyWriter reply)
    {
        if (reply.Version == 2)
        {
            reply.Error(ErrorText.Resp2NotSupported);
            return;
        }
        reply.Push(2);
        reply.Bulk("server-cpu-usage"u8);
        reply.Integer(42);
        reply.Bulk("Some real reply following the push reply"u8);
    }
}
