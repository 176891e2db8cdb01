using System.Reflection;

namespace Bixbite.Library;

/// <summary>The library shows one namespace, and nothing of the layers that it is made of.</summary>
public sealed class PublicApiTests
{
    private static readonly Assembly s_library = typeof(BixbiteServer).Assembly;

    [Fact]
    public void AllIsInOneNamespace()
    {
        Type[] types = s_library.GetExportedTypes();
        Assert.Contains(typeof(BixbiteServer), types);
        Assert.All(types, static type => Assert.Equal("Bixbite", type.Namespace));
    }

    [Fact]
    public void NoTypeOfTheLayersIsShown() => Assert.Empty(
        from type in s_library.GetExportedTypes()
        from shown in Shown(type).SelectMany(Parts).Distinct()
        let assembly = shown.Assembly.GetName().Name!
        where shown.Assembly != s_library && assembly.StartsWith("Bixbite", StringComparison.Ordinal)
        select $"{type.Name} shows {shown}");

    /// <summary>Nobody may inherit from a type of the library, so that it may be changed.</summary>
    [Fact]
    public void TypesAreSealed() => Assert.All(
        s_library.GetExportedTypes(), static type => Assert.True(type.IsSealed, $"{type} is not sealed"));

    private static IEnumerable<Type> Shown(Type type)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type> ofMethods = type.GetMembers(Public).OfType<MethodBase>().SelectMany(
            static method => method.GetParameters().Select(static parameter => parameter.ParameterType));
        return
        [
            .. ofMethods,
            .. type.GetMethods(Public).Select(static method => method.ReturnType),
            .. type.GetFields(Public).Select(static field => field.FieldType),
            .. type.GetInterfaces(),
            .. type.BaseType is { } parent ? [parent] : Array.Empty<Type>(),
        ];
    }

    /// <summary>The type itself, and what it is made of: its elements, and what stands for the parameters of generics.</summary>
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : [type, .. type.GenericTypeArguments.SelectMany(Parts)];
}
