"""Lists as other programs write them, with what makes them hard: marks, quotes, commas, doubles, empty lines."""

from __future__ import annotations

import json

_KEPWARE_HEADER = (
    "Tag Name,Address,Data Type,Respect Data Type,Client Access,Scan Rate,Scaling,Raw Low,Raw High,"
    "Scaled Low,Scaled High,Scaled Data Type,Clamp Low,Clamp High,Eng Units,Description,Negate Value\n"
)
KEPWARE = (
    "\ufeff"
    + _KEPWARE_HEADER
    + """\
"Boiler.T_STEAM",400001,Float,1,RO,100,,,,,,,,,"°C","Steam, main line",0
"Boiler.P_DRUM",400003,Word,1,R/W,250,Linear,0,27648,0,16,Float,0,0,"bar","Drum ""A"" pressure",0

"Boiler.RUN",000005,Boolean,1,RO,5,,,,,,,,,,,
"Boiler.READY",400010.3,Boolean,1,RO,100,None,,,,,,,,,,
"Boiler.NAME",400020.16H,String,1,RO,1000,,,,,,,,,,,
"Boiler.COUNT",300101,QWord,1,RO,1000,,,,,,,,,"kWh",,
"Boiler.CURVE",400200 [8],Word Array,1,RO,100,,,,,,,,,,,
"Boiler.ROOT",400300,Word,1,RO,100,Square Root,0,100,0,10,Float,0,0,,,0
"Boiler.T_STEAM",400500,Float,1,RO,100,,,,,,,,,,,
"Other.PLC",DB1.DBD0,Float,1,RO,100,,,,,,,,,,,
"Boiler.UA","ns=2;s=Channel1.Device1.Tag1",Float,1,RO,100,,,,,,,,,,,
"""
).replace("\n", "\r\n")
PLAIN = """\
Name;Address;Type;Unit;Min;Max;Factor;Description
TI-101;40001;float;°C;0;150,5;;Oil temperature
PI-101;40003;int16;bar;0;16;0,1;
FI-101;4x0005;uint32 ;m³/h;;;;
;;;;;;;

RUN-1;10001;bool;;;;;
STATE.3;40010.3;bool;;;;;Bit
SERIAL;40100;string[20];;;;;
BAD-TYPE;40011;quark;;;;;
BAD-ADDR;D100;int16;;;;;
BAD-NUM;40012;int16;;null;100;;
TI-101;40001;float;°C;;;;
OWN;2/HR100:F32:DCBA;;kW;;;;"""
CHINESE = """\
序号|名称|功能码|地址|数据类型|单位|字节序|站号|说明
1|主蒸汽温度|03|0|浮点|℃|CDAB|1|一号锅炉
2|汽包压力|3|0x0A|无符号|MPa||1|
3|给水流量|04|100|长整型|立方米/小时|3412|2|
4|运行|01|5|开关量|||1|
5|坏行|99|5|浮点|||1|""".replace("|", "\t")


def ignition() -> str:
    def tag(name: str, item: str, **more: object) -> dict[str, object]:
        return {"valueSource": "opc", "opcItemPath": item, "name": name, "tagType": "AtomicTag", **more}

    bound = {"bindType": "parameter", "binding": "ns=1;s=[{Device}]HRF{Base}"}
    return json.dumps(
        {
            "name": "",
            "tagType": "Provider",
            "tags": [
                {"name": "_types_", "tagType": "Folder", "tags": [{"name": "Motor", "tagType": "UdtType", "tags": []}]},
                {
                    "name": "Line 1",
                    "tagType": "Folder",
                    "tags": [
                        tag("T1", "ns=1;s=[PLC1]HRF101", dataType="Float4", engUnit="°C", engLow=0, engHigh=200.0,
                            documentation="Oven, zone 1"),
                        tag("P1", "[PLC1]2.IRUS11", scaleMode="Linear", rawLow=0, rawHigh=4095, scaledLow=0.0,
                            scaledHigh=10.0, engUnit="bar"),
                        tag("RUN", "[PLC1]C1", dataType="Boolean"),
                        tag("BIT", "[PLC1]HR5.12", dataType="Boolean"),
                        tag("TEXT", "[PLC1]HRS200:20", dataType="String"),
                        tag("UA", "ns=2;s=Line.Speed", opcServer="Kepware", dataType="Float8"),
                        {"name": "CALC", "tagType": "AtomicTag", "valueSource": "expr", "expression": "1 + 1"},
                        tag("S7", "[S7]DB1,REAL0"),
                        tag("OFF", "[PLC1]HR1", enabled=False),
                        {
                            "name": "M1",
                            "tagType": "UdtInstance",
                            "typeId": "Motor",
                            "parameters": {"Device": {"dataType": "String", "value": "PLC1"}, "Base": 501},
                            "tags": [tag("I", "", opcItemPath=bound), tag("X", "", opcItemPath={
                                "bindType": "parameter", "binding": "[{Nowhere}]HR1"})],
                        },
                    ],
                },
            ],
        },
        indent=2,
        ensure_ascii=False,
    )  # fmt: skip


_IGNITION_HEADER = (
    "Path,Name,Owner,TagType,DataType,Enabled,OPCServer,OPCItemPath,ScaleMode,RawLow,RawHigh,ScaledLow,"
    "ScaledHigh,EngUnit,EngLow,EngHigh,Tooltip,Documentation\n"
)
IGNITION_CSV = (
    _IGNITION_HEADER
    + """\
,Line 1,,Folder,,,,,,,,,,,,,,
Line 1,T1,,OPC,4,True,Ignition OPC-UA Server,[PLC1]HRF101,Off,,,,,degC,0,200,,Oven
Line 1,N,,OPC,2,True,Ignition OPC-UA Server,[PLC1]HRI103,Linear,0,100,0,1,,,,,"""
)
NODESET = """<?xml version="1.0" encoding="utf-8"?>
<UANodeSet xmlns="http://opcfoundation.org/UA/2011/03/UANodeSet.xsd"
  xmlns:uax="http://opcfoundation.org/UA/2008/02/Types.xsd">
  <NamespaceUris><Uri>urn:maker:press</Uri><Uri>urn:site:hall</Uri></NamespaceUris>
  <Aliases>
    <Alias Alias="Double">i=11</Alias><Alias Alias="HasComponent">i=47</Alias><Alias Alias="HasProperty">i=46</Alias>
    <Alias Alias="Organizes">i=35</Alias><Alias Alias="HasSubtype">i=45</Alias>
  </Aliases>
  <UAObjectType NodeId="ns=1;i=1000" BrowseName="1:PressType"><DisplayName>PressType</DisplayName></UAObjectType>
  <UAVariable NodeId="ns=1;i=1001" BrowseName="1:Force" ParentNodeId="ns=1;i=1000" DataType="Double">
    <DisplayName>Force</DisplayName>
    <References><Reference ReferenceType="HasComponent" IsForward="false">ns=1;i=1000</Reference></References>
  </UAVariable>
  <UADataType NodeId="ns=1;i=3001" BrowseName="1:ModeType">
    <References><Reference ReferenceType="HasSubtype" IsForward="false">i=29</Reference></References>
  </UADataType>
  <UADataType NodeId="ns=1;i=3002" BrowseName="1:Shot">
    <References><Reference ReferenceType="HasSubtype" IsForward="false">i=22</Reference></References>
  </UADataType>
  <UAObject NodeId="ns=2;s=Press1" BrowseName="2:Press1"><DisplayName>Press 1</DisplayName>
    <References>
      <Reference ReferenceType="Organizes" IsForward="false">i=85</Reference>
      <Reference ReferenceType="HasComponent">ns=2;s=Press1.Mode</Reference>
    </References>
  </UAObject>
  <UAVariable NodeId="ns=2;s=Press1.Force" BrowseName="1:Force" DataType="Double">
    <DisplayName>Force</DisplayName><Description>Closing force</Description>
    <References>
      <Reference ReferenceType="HasComponent" IsForward="false">ns=2;s=Press1</Reference>
      <Reference ReferenceType="HasProperty">ns=2;i=11</Reference>
    </References>
  </UAVariable>
  <UAVariable NodeId="ns=2;i=11" BrowseName="EURange" DataType="i=884"><DisplayName>EURange</DisplayName>
    <References><Reference ReferenceType="HasProperty" IsForward="false">ns=2;s=Press1.Force</Reference></References>
    <Value><uax:ExtensionObject><uax:TypeId><uax:Identifier>i=885</uax:Identifier></uax:TypeId><uax:Body><uax:Range>
      <uax:Low>0</uax:Low><uax:High>2500.5</uax:High></uax:Range></uax:Body></uax:ExtensionObject></Value>
  </UAVariable>
  <UAVariable NodeId="ns=2;i=12" BrowseName="EngineeringUnits" DataType="i=887"><DisplayName>EU</DisplayName>
    <References><Reference ReferenceType="HasProperty" IsForward="false">ns=2;s=Press1.Force</Reference></References>
    <Value><uax:ExtensionObject><uax:Body><uax:EUInformation>
      <uax:NamespaceUri>http://www.opcfoundation.org/UA/units/un/cefact</uax:NamespaceUri>
      <uax:UnitId>4932949</uax:UnitId><uax:DisplayName><uax:Text>kN</uax:Text></uax:DisplayName>
    </uax:EUInformation></uax:Body></uax:ExtensionObject></Value>
  </UAVariable>
  <UAVariable NodeId="ns=2;s=Press1.Mode" BrowseName="2:Mode" DataType="ns=1;i=3001"><DisplayName>Mode</DisplayName>
  </UAVariable>
  <UAVariable NodeId="ns=2;s=Press1.Shot" BrowseName="2:Shot" DataType="ns=1;i=3002" ParentNodeId="ns=2;s=Press1">
    <DisplayName>Shot</DisplayName></UAVariable>
  <UAVariable NodeId="ns=2;s=Press1.Curve" BrowseName="2:Curve" DataType="Double" ValueRank="1"
    ParentNodeId="ns=2;s=Press1"><DisplayName>Curve</DisplayName></UAVariable>
  <UAVariable NodeId="ns=9;s=Lost" BrowseName="2:Lost" DataType="Double" ParentNodeId="ns=2;s=Press1">
    <DisplayName>Lost</DisplayName></UAVariable>
  <UAVariable NodeId="ns=2;s=Press1.Order" BrowseName="2:Order" DataType="String" ParentNodeId="ns=2;s=Press1">
    <DisplayName>Order</DisplayName></UAVariable>
</UANodeSet>
"""
