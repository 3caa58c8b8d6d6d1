using System.Reflection;
using System.Runtime.CompilerServices;

namespace Replica.Tests.Properties.House;

/// <summary>Prints what a library shows to others: a line for each type and member, sorted.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The lines of one library, in ordinal order.</summary>
    public static IReadOnlyList<string> Of(Assembly library) =>
        [.. library.GetExportedTypes().SelectMany(Lines).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        var name = (type.Namespace is { } space ? space + "." : "") + CSharpName.Of(type, null);
        return Members(type).Select(member => $"{name}.{member}").Prepend($"{name} : {Kind(type)}{Bases(type)}");
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (IsDelegate(type))
        {
            return [CSharpName.Signature(type.GetMethod("Invoke")!)];
        }

        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(value => $"{value.Name} = {value.GetRawConstantValue()}");
        }

        var fields = type.GetFields(Declared).Where(field => IsShown(field.Attributes)).Select(Field);
        var constructors = type.GetConstructors(Declared).Where(IsShown).Select(CSharpName.Signature);
        var properties = type.GetProperties(Declared)
            .Where(property => property.Name != "EqualityContract" && property.GetAccessors(nonPublic: true).Any(IsShown)).Select(Property);
        var events = type.GetEvents(Declared).Where(item => IsShown(item.AddMethod!)).Select(item => "event " + item.Name);
        var methods = type.GetMethods(Declared).Where(method => IsShown(method) && IsWritten(method)).Select(CSharpName.Signature);
        return [.. fields, .. constructors, .. properties, .. events, .. methods];
    }

    private static string Field(FieldInfo field)
    {
        var kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        return field.Name + " -> " + kind + CSharpName.Of(field) + (field.IsLiteral ? " = " + CSharpName.Literal(field.GetRawConstantValue()) : "");
    }

    private static string Property(PropertyInfo property)
    {
        var getter = property.GetMethod is { } get && IsShown(get) ? "get; " : "";
        var setter = property.SetMethod is { } set && IsShown(set)
            ? set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; "
            : "";
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var isStatic = property.GetAccessors(nonPublic: true)[0].IsStatic ? "static " : "";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{CSharpName.Parameters(parameters)}]" : "";
        return $"{property.Name}{index} {{ {getter}{setter}}} -> {required}{isStatic}{CSharpName.Of(property)}";
    }

    private static bool IsShown(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsShown(FieldAttributes attributes) => (attributes & FieldAttributes.FieldAccessMask)
        is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    /// <summary>False for accessors and for what the compiler adds to a record by itself.</summary>
    private static bool IsWritten(MethodInfo method) =>
        (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
        && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsDelegate(Type type) => type.IsSubclassOf(typeof(Delegate));

    private static string Kind(Type type)
    {
        var record = type.GetMethods(Declared).Any(method => method.Name is "<Clone>$"
            || (method.Name == "PrintMembers" && method.IsDefined(typeof(CompilerGeneratedAttribute)))) ? "record " : "";
        return type switch
        {
            { IsEnum: true } => $"enum of {CSharpName.Of(type.GetEnumUnderlyingType(), null)}",
            { IsInterface: true } => "interface",
            { IsValueType: true } => (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "")
                + (type.IsByRefLike ? "ref " : "") + record + "struct",
            _ when IsDelegate(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => $"abstract {record}class",
            { IsSealed: true } => $"sealed {record}class",
            _ => $"{record}class",
        };
    }

    private static string Bases(Type type)
    {
        if (type.IsEnum || IsDelegate(type))
        {
            return "";
        }

        IEnumerable<Type> above = type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [parent] : [];
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var added = type.GetInterfaces().Except(inherited).Where(shown => shown.IsVisible).OrderBy(shown => shown.FullName, StringComparer.Ordinal);
        return string.Concat(above.Concat(added).Select(name => ", " + CSharpName.Of(name, null)));
    }
}
