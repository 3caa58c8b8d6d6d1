using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace Replica.Tests.Properties.House;

/// <summary>Writes types and signatures as C# does, as far as a reader of an API page needs it.</summary>
internal static class CSharpName
{
    private static readonly FrozenDictionary<Type, string> s_keywords = new Dictionary<Type, string>
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(char)] = "char",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(void)] = "void",
    }.ToFrozenDictionary();

    /// <summary>Type of a field, with the marks of nullable references.</summary>
    public static string Of(FieldInfo field) => Of(field.FieldType, new NullabilityInfoContext().Create(field));

    /// <summary>Type of a property, with the marks of nullable references.</summary>
    public static string Of(PropertyInfo property) => Of(property.PropertyType, new NullabilityInfoContext().Create(property));

    /// <summary>The type's name without its namespace; outer types in front, type arguments behind.</summary>
    public static string Of(Type type, NullabilityInfo? nullability)
    {
        var mark = nullability is { ReadState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (type.IsByRef)
        {
            return Of(type.GetElementType()!, nullability);
        }

        if (type.IsArray)
        {
            return Of(type.GetElementType()!, nullability?.ElementType) + "[]" + mark;
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value, null) + "?";
        }

        if (s_keywords.TryGetValue(type, out var keyword))
        {
            return keyword + mark;
        }

        var outer = type is { IsNested: true, IsGenericParameter: false } ? Of(type.DeclaringType!, null) + "." : "";
        return outer + type.Name.Split('`')[0] + Arguments(type, nullability) + mark;
    }

    /// <summary>Name, parameters and result of a method; <c>new</c> for a constructor.</summary>
    public static string Signature(MethodBase method)
    {
        var generic = method.IsGenericMethodDefinition
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>"
            : "";
        var parameters = $"({Parameters(method.GetParameters())})";
        return method is MethodInfo { ReturnParameter: var result } named
            ? $"{named.Name}{generic}{parameters} -> {Modifier(named)}{Of(result.ParameterType, new NullabilityInfoContext().Create(result))}"
            : "new" + parameters + (method.IsFamily ? " protected" : "");
    }

    /// <summary>Parameters with their names and default values: both are part of what callers write.</summary>
    public static string Parameters(IEnumerable<ParameterInfo> parameters) => string.Join(", ", parameters.Select(parameter =>
    {
        var way = parameter switch
        {
            { IsOut: true } => "out ",
            { ParameterType.IsByRef: true, IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) => "params ",
            _ => "",
        };
        var type = Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
        return $"{way}{type} {parameter.Name}" + (parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue) : "");
    }));

    /// <summary>A constant as it is written in code.</summary>
    public static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text.Replace("\n", "\\n")}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Modifier(MethodInfo method) => method switch
    {
        { IsStatic: true, IsAbstract: true } => "static abstract ",
        { IsStatic: true } => "static ",
        { DeclaringType.IsInterface: true } => "",
        { IsAbstract: true } => Access(method) + "abstract ",
        { IsVirtual: true, IsFinal: false } when method.GetBaseDefinition() != method => Access(method) + "override ",
        { IsVirtual: true, IsFinal: false } => Access(method) + "virtual ",
        _ => Access(method),
    };

    private static string Access(MethodInfo method) => method.IsPublic ? "" : "protected ";

    private static string Arguments(Type type, NullabilityInfo? nullability)
    {
        var own = type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).ToArray();
        var known = nullability?.GenericTypeArguments is { Length: var count } marks && count == own.Length ? marks : null;
        return own.Length == 0 || type.IsGenericParameter
            ? ""
            : $"<{string.Join(", ", own.Select((argument, index) => Of(argument, known?[index])))}>";
    }
}
