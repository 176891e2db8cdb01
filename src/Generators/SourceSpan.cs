using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Bixbite.Generators;

/// <summary>A place in the source that survives from one run of the generator to the next, which a Location may not.</summary>
internal sealed record SourceSpan(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static SourceSpan Of(Location location) =>
        new(location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}

/// <summary>Something wrong, to be reported where it stands.</summary>
internal sealed record Finding(DiagnosticDescriptor Rule, SourceSpan Source, string Detail)
{
    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rule, Source.ToLocation(), Detail);
}
